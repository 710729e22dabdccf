import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakePollContext, fakeWatch } from '../testing/run-poll.ts';
import { discriminatorOf } from './idl/discriminators.ts';
import { onAccount } from './on-account.ts';
import { History } from './testing/history/history.ts';
import { type HistoryProvider, startHistoryProvider } from './testing/history/history-provider.ts';
import { somebody } from './testing/scene.ts';

let history: History;
let provider: HistoryProvider;
beforeEach(async () => {
  history = new History();
  provider = await startHistoryProvider(history);
});
afterEach(() => provider.close());

const [feed, program] = [somebody(), somebody()];
const set = (content: Uint8Array, lamports = 1, address = feed) => {
  history.advance();
  history.accounts.set(address, { owner: program, lamports, data: content });
};
const watch = (given: object = {}) =>
  fakeWatch(
    onAccount,
    { addresses: feed, ...given },
    fakePollContext({
      connection: { name: 'chain', type: 'solana-rpc', hosts: [], data: { urls: [provider.url], cluster: 'custom' } },
    }),
  );
const items = async (one: ReturnType<typeof watch>) => (await one.look()).map(({ item }) => onAccount.item.parse(item));

it('takes each change of the content once: another one, none any more, one again', async () => {
  set(Buffer.from('one'));
  const watching = watch();
  expect(await items(watching)).toEqual([]);
  expect(await items(watching)).toEqual([]);
  set(Buffer.from('two'));
  expect(await items(watching)).toMatchObject([
    { address: feed, exists: true, owner: program, raw: Buffer.from('two').toString('base64'), data: null },
  ]);
  set(Buffer.from('two'), 5);
  expect(await items(watching)).toEqual([]);
  history.accounts.delete(feed);
  expect(await items(watching)).toMatchObject([{ exists: false, owner: null, raw: '', lamports: '0' }]);
  set(Buffer.from('two'));
  expect(await items(watching)).toMatchObject([{ exists: true }]);
});

it('takes another balance for a change if it is told to, and what is there if it is to begin at the beginning', async () => {
  set(Buffer.from('one'));
  const watching = watch({ lamports: true, from: 'beginning' });
  expect(await items(watching)).toMatchObject([{ lamports: '1' }]);
  set(Buffer.from('one'), 9_000_000_001);
  expect(await items(watching)).toMatchObject([{ lamports: '9000000001' }]);
});

it('decodes by an IDL, and gives bytes where the IDL does not fit', async () => {
  const idl = {
    ...{ address: program, instructions: [], accounts: [{ name: 'Price' }] },
    types: [{ name: 'Price', type: { kind: 'struct', fields: [{ name: 'value', type: 'u16' }] } }],
  };
  const watching = watch({ idl });
  await items(watching);
  set(Buffer.concat([discriminatorOf('account', 'Price'), Uint8Array.of(1, 2)]));
  expect(await items(watching)).toMatchObject([{ name: 'Price', data: { value: 513 } }]);
  set(Buffer.from('something else'));
  expect(await items(watching)).toMatchObject([{ name: null, data: null, exists: true }]);
});

it('takes nothing from a provider that is behind', async () => {
  set(Buffer.from('one'));
  const watching = watch();
  await items(watching);
  history.advance(50);
  await items(watching);
  provider.faults.lag = 20;
  history.accounts.set(feed, { owner: program, lamports: 1, data: Buffer.from('old') });
  for (const ignoresContext of [false, true]) {
    provider.faults.ignoresContext = ignoresContext;
    expect(await items(watching)).toEqual([]);
  }
});

it('follows a thousand accounts, of which one is new', async () => {
  const addresses = Array.from({ length: 999 }, somebody);
  for (const one of addresses) set(Buffer.from('x'), 1, one);
  const watching = watch({ addresses });
  expect(await items(watching)).toEqual([]);
  for (const one of addresses) set(Buffer.from('y'), 1, one);
  expect(await items(watching)).toHaveLength(999);
  expect(JSON.stringify(watching.cursor()).length).toBeLessThan(40_000);
});
