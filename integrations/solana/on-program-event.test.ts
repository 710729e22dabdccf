import { afterEach, beforeEach, expect, it } from 'vitest';
import { failure } from '../testing/run-node.ts';
import { fakePollContext, fakeWatch } from '../testing/run-poll.ts';
import { discriminatorOf } from './idl/discriminators.ts';
import { EVENT_TAG, eventAuthorityOf } from './listening/events/passed-events.ts';
import { onProgramEvent } from './on-program-event.ts';
import { History } from './testing/history/history.ts';
import { type HistoryProvider, startHistoryProvider } from './testing/history/history-provider.ts';
import type { Doing, InnerCall } from './testing/history/landed.ts';
import { somebody } from './testing/scene.ts';

let history: History;
let provider: HistoryProvider;
beforeEach(async () => {
  history = new History();
  provider = await startHistoryProvider(history);
});
afterEach(() => provider.close());

const [program, other, payer] = [somebody(), somebody(), somebody()];
const idl = {
  address: program,
  instructions: [],
  events: [{ name: 'Sold' }, { name: 'Paused' }],
  types: [
    { name: 'Sold', type: { kind: 'struct', fields: [{ name: 'amount', type: 'u64' }] } },
    { name: 'Paused', type: { kind: 'struct', fields: [] } },
  ],
};
const sold = (amount: bigint): Buffer => {
  const data = Buffer.alloc(16);
  data.set(discriminatorOf('event', 'Sold'));
  data.writeBigUInt64LE(amount, 8);
  return data;
};
const paused = Buffer.from(discriminatorOf('event', 'Paused'));
const data = (bytes: Buffer) => `Program data: ${bytes.toString('base64')}`;
const call = (of: string, depth: number, lines: readonly string[]) => [
  `Program ${of} invoke [${depth}]`,
  ...lines,
  `Program ${of} success`,
];
const land = (logs: readonly string[], more: Partial<Doing> = {}) =>
  history.land({ payer, programs: [program, other], logs, ...more });
const watch = (given: object = {}) =>
  fakeWatch(
    onProgramEvent,
    { program, ...given },
    fakePollContext({
      connection: { name: 'chain', type: 'solana-rpc', hosts: [], data: { urls: [provider.url], cluster: 'custom' } },
    }),
  );

it('takes each event of the program once, in order, with its name and fields', async () => {
  const watching = watch({ idl });
  expect(await watching.look()).toEqual([]);
  const inner = call(other, 2, [data(sold(1n))]);
  const { signature } = land(call(program, 1, [data(sold(18_446_744_073_709_551_615n)), ...inner, data(paused)]));
  land(call(program, 1, [data(sold(3n))]), { failed: true });
  history.finalize();
  const found = await watching.look();
  expect(found.map(({ key }) => key)).toEqual([`${signature}:0`, `${signature}:1`]);
  expect(onProgramEvent.item.parse(found[0]!.item)).toMatchObject({
    ...{ program, name: 'Sold', data: { amount: '18446744073709551615' }, index: 0, signature, feePayer: payer },
  });
  expect(found[1]!.item).toMatchObject({ name: 'Paused', index: 1 });
  expect(await watching.look()).toEqual([]);
});

it('takes what the program passes to itself in a call, and nothing that others pass to it', async () => {
  const watching = watch({ idl });
  await watching.look();
  const authority = await eventAuthorityOf(program);
  const passed = (event: Buffer, more: Partial<InnerCall> = {}): InnerCall => ({
    ...{ program, accounts: [authority], data: Buffer.concat([EVENT_TAG, event]), depth: 2, ...more },
  });
  const { signature } = land(call(program, 1, [data(sold(1n))]), {
    mentions: [authority],
    inner: [
      passed(sold(2n)),
      { program: other, accounts: [], data: Buffer.alloc(0), depth: 2 },
      passed(sold(3n), { depth: 3 }),
      passed(sold(4n), { accounts: [other] }),
      passed(sold(5n), { accounts: [authority, other] }),
      passed(sold(6n), { program: other }),
      { ...passed(sold(7n)), data: sold(7n) },
      // From a provider that does not say how deep a call was.
      passed(paused, { depth: null }),
    ],
  });
  land(call(program, 1, []), { mentions: [authority], inner: [passed(sold(8n))], failed: true });
  history.finalize();
  const found = await watching.look();
  expect(found.map(({ key, item }) => [key, (item as { data: { amount?: string } }).data.amount])).toEqual([
    [`${signature}:0`, '1'],
    [`${signature}:call:1`, '2'],
    [`${signature}:call:8`, undefined],
  ]);
  expect(onProgramEvent.item.parse(found[1]!.item)).toMatchObject({ name: 'Sold', emitted: 'call', index: 1 });
  expect(await watching.look()).toEqual([]);
});

it('gives bytes without an IDL, and only the events of some names with one', async () => {
  const raw = watch();
  const named = watch({ idl, events: ['Paused'] });
  await Promise.all([raw.look(), named.look()]);
  land(call(program, 1, [data(sold(1n)), data(paused)]));
  history.finalize();
  expect((await raw.look()).map(({ item }) => item)).toMatchObject([
    { name: null, data: null, raw: sold(1n).toString('base64') },
    { name: null, raw: paused.toString('base64') },
  ]);
  expect((await named.look()).map(({ item }) => item)).toMatchObject([{ name: 'Paused', index: 1 }]);
});

it('lists what is cut or unknown among the dead letters, and fires what is certain', async () => {
  const watching = watch({ idl });
  await watching.look();
  const cut = land([`Program ${program} invoke [1]`, data(sold(1n)), 'Log truncated']);
  const unknown = land(call(program, 1, [data(Buffer.from('12345678'))]));
  history.finalize();
  const polled = await onProgramEvent.poll(
    fakePollContext({
      connection: { name: 'chain', type: 'solana-rpc', hosts: [], data: { urls: [provider.url], cluster: 'custom' } },
    }),
    { with: onProgramEvent.with.parse({ program, idl }), cursor: watching.cursor() as never, from: 'now' },
  );
  expect(polled.items.map(({ key }) => key)).toEqual([`${cut.signature}:0`]);
  expect(polled.deadLetters).toMatchObject([
    { key: cut.signature, reason: expect.stringContaining('cut') },
    { key: unknown.signature, reason: expect.stringContaining('IDL') },
  ]);
});

it('says what is wrong with the names of events', async () => {
  expect(onProgramEvent.with.safeParse({ program, events: ['Sold'] }).error?.issues[0]?.message).toContain('idl');
  const wrong = await failure(watch({ idl, events: ['Bought'] }).look());
  expect(wrong).toMatchObject({ code: 'input.invalid', message: expect.stringContaining('It has Sold, Paused') });
});
