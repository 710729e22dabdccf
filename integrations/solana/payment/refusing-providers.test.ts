import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../../testing/run-node.ts';
import { usePaying } from '../testing/paying.ts';
import { HONEST, type Lies } from '../testing/provider.ts';
import { somebody, WITH_RECEIPT } from '../testing/scene.ts';
import { solanaTransferSol } from '../transfer-sol.ts';

const at = usePaying();
const { holds, last, lie, pay } = at;
const HALF = 500_000_000n;

/** What providers say that serve nobody now, or this caller never again. */
const REFUSALS: readonly (readonly [string, Partial<Lies>])[] = [
  ...[400, 401, 402, 403, 404, 413, 429, 500].map((http) => [`status ${http}`, { http }] as const),
  // Not served, unhealthy, behind, limited in the way of one provider.
  ...[-32_000, -32_003, -32_005, -32_014, -32_016, -32_429, -32_601, -32_602].map(
    (refuses) => [`error ${refuses}`, { refuses }] as const,
  ),
  ['a page of HTML', { says: '<html>Down for maintenance</html>' }],
  ['nothing', { says: '' }],
  ['null', { says: 'null' }],
];

describe('a payment is made although the first provider answers', () => {
  it.each(REFUSALS)('%s', async (name, lies) => {
    const to = somebody();
    // A receipt, so that one provider alone is enough to sign.
    lie(lies);
    await pay(to, { step: name, policy: WITH_RECEIPT, onPause: () => last().attempts.length > 0 && lie(HONEST) });
    expect([last().attempts.length, holds(to)]).toEqual([1, HALF]);
  });
});

describe('a step whose payment was sent', () => {
  it('is tried again where all providers refuse it, and then finds its payment', async () => {
    const to = somebody();
    const ctx = fakeContext({ connection: at.scene.payer(WITH_RECEIPT), payments: at.payments });
    const step = () => runNode(solanaTransferSol, ctx, { to, amount: '0.5' });
    await step();
    lie({ http: 403 }, { refuses: -32_601 });
    expect(await failure(step())).toMatchObject({ retryable: true });
    lie(HONEST, HONEST);
    expect(await step()).toMatchObject({ attempts: [{ state: 'landed' }] });
    expect(holds(to)).toBe(HALF);
  });
});
