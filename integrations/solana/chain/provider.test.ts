import { describe, expect, it } from 'vitest';
import type { Json } from '../../../graph/json.ts';
import { failure } from '../../testing/run-node.ts';
import { somebody } from '../testing/scene.ts';
import { openProvider } from './provider.ts';

/** A provider that answers each call with the same. */
const answering = (result: Json) =>
  openProvider(
    {
      fetch: async () => Response.json({ jsonrpc: '2.0', id: 1, result }),
      signal: new AbortController().signal,
      excerpt: (text: string) => text,
    },
    'http://provider.example/',
  );

const context = { slot: 7 };
const account = { lamports: 1, owner: somebody(), data: ['', 'base64'], executable: false };

describe('a provider that answers fewer questions than it was asked', () => {
  // A missing answer must not be taken for "there is none": that is what proves that bytes are dead.
  it.each<[string, (provider: ReturnType<typeof answering>) => Promise<unknown>, Json]>([
    ['about signatures', (it) => it.statuses(['a', 'b']), { context, value: [null] }],
    ['about accounts', (it) => it.accounts(['a', 'b'], 1n), { context, value: [account] }],
    [
      'in a simulation',
      (it) => it.simulate(new Uint8Array(), ['a', 'b']),
      { context, value: { err: null, logs: [], unitsConsumed: 1, accounts: [account] } },
    ],
    [
      'in a simulation, none at all',
      (it) => it.simulate(new Uint8Array(), ['a']),
      { context, value: { err: null, logs: [], unitsConsumed: 1, accounts: null } },
    ],
  ])('%s: it has said nothing', async (_, ask, result) => {
    expect(await failure(ask(answering(result)))).toMatchObject({ code: 'solana.answer', retryable: true });
  });

  it('is right if the simulation fails: then nothing changes', async () => {
    const value = { err: 'AccountNotFound', logs: [], unitsConsumed: 0, accounts: null };
    expect(await answering({ context, value }).simulate(new Uint8Array(), ['a'])).toMatchObject({ accounts: [] });
  });
});
