import { describe, expect, it } from 'vitest';
import type { Account } from '../chain/port.ts';
import { SYSTEM, TOKEN } from '../chain/programs.ts';
import { fromBase58 } from '../notation/base58.ts';
import { somebody } from '../testing/scene.ts';
import { takenFrom } from './taken.ts';

const [wallet, eve, mint, holding] = Array.from({ length: 4 }, somebody) as [string, string, string, string];

const sol = (lamports: bigint, owner = SYSTEM): Account => ({
  lamports,
  owner,
  data: new Uint8Array(),
  executable: false,
});

interface Kind {
  readonly amount?: bigint;
  readonly owner?: string;
  readonly delegate?: string;
  readonly delegated?: bigint;
  readonly closer?: string;
  readonly isNative?: boolean;
  readonly lamports?: bigint;
}

function tokens({
  amount = 100n,
  owner = wallet,
  delegate,
  delegated = 0n,
  closer,
  isNative,
  lamports = 2n,
}: Kind = {}): Account {
  const data = Buffer.alloc(165);
  Buffer.from(fromBase58(mint)!).copy(data, 0);
  Buffer.from(fromBase58(owner)!).copy(data, 32);
  data.writeBigUInt64LE(amount, 64);
  if (delegate) Buffer.concat([Buffer.from([1, 0, 0, 0]), fromBase58(delegate)!]).copy(data, 72);
  data[108] = 1;
  if (isNative) data[109] = 1;
  data.writeBigUInt64LE(delegated, 121);
  if (closer) Buffer.concat([Buffer.from([1, 0, 0, 0]), fromBase58(closer)!]).copy(data, 129);
  return { lamports, owner: TOKEN, data, executable: false };
}

const taken = (before: (Account | null)[], after: (Account | null)[]) => {
  const { amounts, control } = takenFrom(wallet, [wallet, holding], before, after);
  return { ...Object.fromEntries(amounts), control };
};

describe('what a wallet would lose', () => {
  it('is SOL and tokens that it has less of, and nothing if it has more', () => {
    expect(taken([sol(10n), tokens()], [sol(7n), tokens({ amount: 60n })])).toEqual({
      SOL: 3n,
      [mint]: 40n,
      control: null,
    });
    expect(taken([sol(10n), tokens()], [sol(11n), tokens({ amount: 160n })])).toEqual({ control: null });
    expect(taken([sol(10n), tokens()], [null, null])).toEqual({ SOL: 12n, [mint]: 100n, control: null });
  });

  it('is not what it puts into an account of its own', () => {
    expect(taken([sol(10n), null], [sol(8n), tokens({ amount: 0n })])).toEqual({ control: null });
    const wrapped = tokens({ isNative: true, amount: 5n, lamports: 7n });
    expect(taken([sol(10n), tokens({ isNative: true, amount: 0n })], [sol(5n), wrapped])).toEqual({ control: null });
    expect(taken([sol(10n), wrapped], [sol(10n), null])).toEqual({ SOL: 7n, control: null });
  });

  it('is all of an account that is given away', () => {
    expect(taken([sol(10n), tokens()], [sol(10n), tokens({ owner: eve })])).toMatchObject({ SOL: 2n, [mint]: 100n });
  });

  it.each<[string, Account, Account, RegExp]>([
    ['somebody who may move tokens', tokens(), tokens({ delegate: eve, delegated: 1n }), /could take tokens/],
    [
      'somebody who may move more than before',
      tokens({ delegate: eve, delegated: 1n }),
      tokens({ delegate: eve, delegated: 2n }),
      /could take tokens/,
    ],
    ['somebody who may close the account', tokens(), tokens({ closer: eve }), /could close/],
  ])('is power over what it has: %s', (_, before, after, words) => {
    expect(taken([sol(10n), before], [sol(10n), after]).control).toMatch(words);
    expect(taken([sol(10n), after], [sol(10n), after]).control).toBeNull();
  });

  it('is its own account, if that comes to belong to a program', () => {
    expect(taken([sol(10n), null], [sol(10n, TOKEN), null]).control).toContain('would belong to a program');
    const filled = { ...sol(10n), data: new Uint8Array(80) };
    expect(taken([sol(10n), null], [filled, null]).control).toContain('no wallet any more');
    expect(taken([filled, null], [filled, null]).control).toBeNull();
  });
});
