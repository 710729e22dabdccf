import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../graph/json.ts';
import { toBase58 } from '../../notation/base58.ts';
import { transactionFields } from '../../reading/transaction-fields.ts';
import { type AnswerKind, answerOf } from '../../testing/answers.ts';
import { somebody } from '../../testing/scene.ts';
import { TOKEN, TOKEN_2022 } from '../programs.ts';
import { decodeTransaction } from './decode.ts';
import { seenBy } from './seen-by.ts';

const [ada, bob, mint, adas, bobs] = Array.from({ length: 5 }, somebody) as [string, string, string, string, string];
const signature = toBase58(Buffer.alloc(64, 5));

type Answer = ReturnType<typeof answerOf>;

const answer = (kind: Partial<AnswerKind> = {}): Answer => answerOf({ signature, from: ada, to: bob, ...kind });
const decoded = (value: unknown) => decodeTransaction(value as Json, signature);

/** An answer with other parts. */
function altered(change: (given: Answer & Record<string, never>) => void): Answer {
  const given = structuredClone(answer());
  change(given as Answer & Record<string, never>);
  return given;
}

describe('a transaction', () => {
  it('is decoded with every digit, and the fee belongs to who paid it', () => {
    const read = decoded(answer({ memo: 'invoice 7' }));
    expect(read).toMatchObject({
      ...{ signature, slot: '1234', status: 'succeeded', undecodable: null, error: null, version: '0' },
      ...{ fee: { raw: '5000', decimals: 9, text: '0.000005' }, feePayer: ada, signers: [ada] },
      ...{ blockTime: '2026-09-21T14:13:20.000Z', memos: ['invoice 7'] },
      changes: [
        { account: ada, owner: ada, asset: 'SOL', direction: 'out', raw: '-6000' },
        { account: bob, owner: bob, asset: 'SOL', direction: 'in', raw: '1000', text: '0.000001' },
      ],
      transfers: [{ asset: 'SOL', from: ada, to: bob, raw: '1000', decimals: 9, inner: false }],
    });
    expect(seenBy(read, ada)).toMatchObject({ direction: 'out', changes: [{ asset: 'SOL', raw: '-1000' }] });
    expect(seenBy(read, bob)).toMatchObject({ direction: 'in', changes: [{ asset: 'SOL', raw: '1000' }] });
    expect(seenBy(read, somebody())).toEqual({ direction: 'none', changes: [] });
    const large = altered(({ meta }) => Object.assign(meta, { preBalances: ['9007199254740993', 0, 1, 1] }));
    expect(decoded(large).changes[0]).toMatchObject({ raw: String(1_000_000_000n - 6_000n - 9_007_199_254_740_993n) });
  });

  it.each([
    ['legacy', 'legacy'],
    [undefined, 'legacy'],
    [0, '0'],
    [1, '1'],
  ])('of version %s is read', (version, expected) => {
    const given = { ...answer(), version };
    expect(decoded(given)).toMatchObject({ status: 'succeeded', version: expected });
  });

  it('that failed has moved nothing but its fee', () => {
    const read = decoded(answer({ error: { InstructionError: [0, { Custom: 1 }] } }));
    expect(read).toMatchObject({ status: 'failed', error: { InstructionError: [0, { Custom: 1 }] } });
    expect(read.changes).toMatchObject([{ account: ada, raw: '-5000' }]);
    expect(seenBy(read, ada).direction).toBe('none');
  });

  it('counts accounts that it looks up after those of its message', () => {
    const [looked, seen] = [somebody(), somebody()];
    const read = decoded(
      altered(({ meta, transaction }) => {
        Object.assign(meta.loadedAddresses, { writable: [looked], readonly: [seen] });
        Object.assign(meta, { preBalances: [5_000, 0, 1, 1, 7, 1], postBalances: [0, 0, 1, 1, 9, 1] });
        transaction.message.instructions[0]!.accounts = [0, 4];
      }),
    );
    expect(read.changes).toMatchObject([{ account: ada }, { account: looked, raw: '2' }]);
    expect(read.transfers).toMatchObject([{ to: looked }]);
  });

  it('counts tokens by what accounts held before and after: fees of the mint, accounts that begin and that end', () => {
    const balance = (accountIndex: number, owner: string | undefined, amount: string) => ({
      ...{ accountIndex, mint, owner, programId: TOKEN_2022 },
      uiTokenAmount: { amount, decimals: 6, uiAmount: null, uiAmountString: '' },
    });
    const read = decoded(
      altered(({ meta, transaction }) => {
        transaction.message.accountKeys = [ada, adas, bobs, TOKEN_2022];
        Object.assign(meta, { preBalances: [5_000, 1, 1, 1], postBalances: [0, 1, 1, 1] });
        Object.assign(meta, { preTokenBalances: [balance(1, ada, '18446744073709551615')] });
        Object.assign(meta, { postTokenBalances: [balance(2, bob, '18446744073709551000')] });
      }),
    );
    expect(read.changes.slice(1)).toMatchObject([
      { account: adas, owner: ada, asset: mint, direction: 'out', raw: '-18446744073709551615', decimals: 6 },
      { account: bobs, owner: bob, asset: mint, direction: 'in', text: '18446744073709.551' },
    ]);
    expect(seenBy(read, bob)).toMatchObject({ direction: 'in', changes: [{ asset: mint }] });
    expect(seenBy(read, bobs)).toMatchObject({ direction: 'in' });
  });

  it('shows transfers that programs made, also those of which only the balances say the mint', () => {
    const data = Buffer.alloc(9);
    data[0] = 3;
    data.writeBigUInt64LE(25n, 1);
    const instruction = { programIdIndex: 3, accounts: [1, 2, 0], data: toBase58(data), stackHeight: 2 };
    const read = decoded(
      altered(({ meta, transaction }) => {
        transaction.message.accountKeys = [ada, adas, bobs, TOKEN];
        transaction.message.instructions[0]!.programIdIndex = 2;
        const uiTokenAmount = { amount: '100', decimals: 1, uiAmount: null, uiAmountString: '' };
        Object.assign(meta, {
          innerInstructions: [{ index: 0, instructions: [instruction] }],
          preTokenBalances: [{ accountIndex: 1, mint, owner: ada, uiTokenAmount }],
          postTokenBalances: [{ accountIndex: 1, mint, uiTokenAmount }],
        });
      }),
    );
    expect(read.transfers).toMatchObject([
      { asset: mint, from: adas, to: bobs, raw: '25', decimals: 1, text: '2.5', inner: true, toOwner: null },
    ]);
    expect(read.programs).toEqual([bobs, TOKEN]);
    expect(read.instructions.map(({ index, inner, depth }) => [index, inner, depth])).toEqual([
      [0, false, 1],
      [0, true, 2],
    ]);
  });

  it('keeps whole lines of a long log, and says that lines are missing', () => {
    const line = 'x'.repeat(1_000);
    const long = decoded(altered(({ meta }) => Object.assign(meta, { logMessages: Array(100).fill(line) })));
    expect([long.logs.length, long.logsCut]).toEqual([65, true]);
    const cut = decoded(altered(({ meta }) => Object.assign(meta, { logMessages: ['a', 'Log truncated'] })));
    expect(cut).toMatchObject({ logs: ['a', 'Log truncated'], logsCut: true });
    expect(decoded(altered(({ meta }) => Object.assign(meta, { logMessages: null }))).logs).toEqual([]);
  });
});

describe('a transaction that cannot be decoded is data, with its reason', () => {
  it.each<[string, unknown, RegExp]>([
    ['a later version', { ...answer(), version: 2 }, /version is 2/],
    ['no meta', { ...answer(), meta: null }, /"fee"/],
    ['another transaction', answer({ signature: toBase58(Buffer.alloc(64, 6)) }), /another transaction/],
    [
      'parsed accounts',
      altered(({ transaction }) => Object.assign(transaction.message, { accountKeys: [{}] })),
      /text/,
    ],
    ['too few balances', altered(({ meta }) => meta.preBalances.pop()), /balances/],
    [
      'an account that is none',
      altered(({ transaction }) => Object.assign(transaction.message.instructions[0]!, { accounts: [9] })),
      /account/,
    ],
    [
      'data that are none',
      altered(({ transaction }) => Object.assign(transaction.message.instructions[0]!, { data: '0' })),
      /data/,
    ],
    ['nothing', {}, /"transaction"/],
    ['a text', 'no', /"transaction"/],
  ])('%s', (_, given, reason) => {
    expect(decoded(given)).toMatchObject({
      ...{ signature, status: 'undecodable', undecodable: expect.stringMatching(reason), changes: [] },
    });
  });

  it('and still says where it landed, if that can be read', () => {
    expect(decoded({ ...answer(), version: 9 })).toMatchObject({ slot: '1234', status: 'undecodable' });
  });

  it('whatever a provider answers', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(decoded(value).status).toBe('undecodable');
      }),
    );
  });

  it('whatever part of an answer is replaced by something else', () => {
    const whole = answer({ memo: 'x' });
    const paths = pathsIn(whole);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const read = decoded(replaced(whole, path, value));
        expect(transactionFields.parse(read)).toEqual(read);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** All places in a value. */
function pathsIn(value: unknown): string[][] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, part]) => [[key], ...pathsIn(part).map((rest) => [key, ...rest])]);
}

function replaced(value: unknown, [first, ...rest]: readonly string[], by: unknown): unknown {
  if (first === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[first] = replaced(copy[first], rest, by);
  return copy;
}
