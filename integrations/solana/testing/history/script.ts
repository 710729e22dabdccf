/** A life of a chain, by a seed: bursts in one slot, inner transfers, fees of Token-2022, and everything that must not fire. */
import type { Random } from '../../../../scripts/fuzz/random.ts';
import { SYSTEM, TOKEN, TOKEN_2022 } from '../../chain/programs.ts';
import { somebody } from '../scene.ts';
import type { History } from './history.ts';
import type { Doing, Landed } from './landed.ts';

/** Who and what a script is about. */
export interface Cast {
  /** The watched address, and its token accounts of both programs. */
  readonly watched: string;
  readonly tokens: readonly [string, string];
  readonly mints: readonly [string, string];
  readonly stranger: string;
  readonly strangers: readonly [string, string];
  /** A program that pays from within. */
  readonly market: string;
}

/** What a script has done. */
export interface Written {
  /** Transactions by which the watched address gets something, in the order of the chain. */
  readonly fitting: readonly string[];
  /** Those that nobody can read. */
  readonly unread: readonly string[];
  readonly count: number;
}

/** Casts the parts, and makes the token accounts known. */
export function cast(history: History): Cast {
  const names = Array.from({ length: 9 }, somebody) as [string, ...string[]];
  const [watched, a, b, m, n, stranger, c, d, market] = names as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  history.tokenAccounts.push(
    { account: a, owner: watched, mint: m, program: TOKEN },
    { account: b, owner: watched, mint: n, program: TOKEN_2022 },
  );
  return { watched, tokens: [a, b], mints: [m, n], stranger, strangers: [c, d], market };
}

type Kind = {
  readonly fits: boolean;
  readonly isUnread?: boolean;
  readonly doing: (cast: Cast, random: Random) => Doing;
};

const token = ({ tokens, strangers, mints, watched, stranger }: Cast, which: 0 | 1, [got, given]: [number, number]) => {
  const common = { mint: mints[which], program: which === 0 ? TOKEN : TOKEN_2022 };
  return [
    { ...common, account: tokens[which], owner: watched, change: got },
    { ...common, account: strangers[which], owner: stranger, change: given },
  ];
};

const KINDS: readonly Kind[] = [
  { fits: true, doing: ({ stranger, watched }, { int }) => sol(stranger, watched, 1 + int(1_000)) },
  { fits: true, doing: ({ stranger, watched }) => ({ ...sol(stranger, watched, 7), version: 'legacy' }) },
  { fits: true, doing: ({ stranger, watched }) => ({ ...sol(stranger, watched, 8), version: 1 }) },
  // From within another program.
  {
    fits: true,
    doing: ({ market, ...rest }) => ({ ...sol(rest.stranger, rest.watched, 9), programs: [market, SYSTEM] }),
  },
  // Names the token accounts only, and not who owns them.
  { fits: true, doing: (all) => ({ payer: all.stranger, tokens: token(all, 0, [500, -500]), programs: [TOKEN] }) },
  // The mint keeps a part of it.
  { fits: true, doing: (all) => ({ payer: all.stranger, tokens: token(all, 1, [490, -500]), programs: [TOKEN_2022] }) },
  { fits: false, doing: (all) => ({ payer: all.watched, tokens: token(all, 0, [-30, 30]), programs: [TOKEN] }) },
  { fits: false, doing: ({ stranger, watched }) => ({ ...sol(stranger, watched, 5), failed: true }) },
  {
    fits: false,
    doing: (all) => ({ payer: all.stranger, tokens: token(all, 1, [5, -5]), failed: true, version: 'legacy' }),
  },
  { fits: false, doing: ({ watched, stranger }) => sol(watched, stranger, 3) },
  { fits: false, doing: ({ stranger, watched }) => ({ payer: stranger, mentions: [watched] }) },
  { fits: false, isUnread: true, doing: ({ stranger, watched }) => ({ ...sol(stranger, watched, 2), version: 2 }) },
  { fits: false, isUnread: true, doing: ({ stranger, watched }) => ({ ...sol(stranger, watched, 2), garbled: true }) },
];

const sol = (from: string, to: string, lamports: number): Doing => ({
  payer: from,
  sol: { [from]: -lamports, [to]: lamports },
});

/** Writes so many transactions. A third of them stand in a few slots, as in a burst. */
export function writeScript(
  history: History,
  parts: Cast,
  { count, random }: { count: number; random: Random },
): Written {
  const [fitting, unread]: [string[], string[]] = [[], []];
  let burst = 0;
  for (let done = 0; done < count; done += 1) {
    const kind = random.pick(KINDS);
    const { signature }: Landed = history.land(kind.doing(parts, random));
    if (kind.fits) fitting.push(signature);
    if (kind.isUnread) unread.push(signature);
    if (burst > 0) burst -= 1;
    else if (random.once(Math.max(20, count / 4))) burst = random.int(Math.max(40, count / 3));
    else if (random.once(2)) history.advance(random.int(4));
  }
  return { fitting, unread, count };
}
