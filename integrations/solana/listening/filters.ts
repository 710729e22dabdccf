import { ExpressionError, newFuel } from '../../../graph/expression/index.ts';
import { compilePattern, matchesIn, programOf } from '../../../graph/expression/library/regex-program.ts';
import { NodeError } from '../../error.ts';
import type { DecodedTransaction } from '../chain/transactions/decoded.ts';
import type { AssetChange } from '../chain/transactions/seen-by.ts';

/** Which transactions fire. Everything that is given must be true. */
export interface Filters {
  readonly direction?: 'in' | 'out' | undefined;
  /** `SOL`, or the address of a mint. */
  readonly mint?: string | undefined;
  /** A decimal text. */
  readonly least?: string | undefined;
  readonly program?: string | undefined;
  readonly memo?: string | undefined;
  readonly memoPattern?: string | undefined;
  readonly failed: 'leaveOut' | 'include' | 'only';
}

/** Whether transactions of this outcome can fire. */
export const countsOutcome = ({ failed: which }: Pick<Filters, 'failed'>, failed: boolean): boolean =>
  which === 'include' || failed === (which === 'only');

/** Whether a transaction fires, by itself: program and memo. */
export function fitsTransaction(
  { program, memo, memoPattern }: Filters,
  { programs, memos }: DecodedTransaction,
): boolean {
  if (program !== undefined && !programs.includes(program)) return false;
  if (memo !== undefined && !memos.some((text) => text.includes(memo))) return false;
  return memoPattern === undefined || memos.some((text) => matches(memoPattern, text));
}

/** Whether what a transaction changes for an address fires: direction, mint and amount, all in the same change. */
export function fitsChanges({ direction, mint, least }: Filters, changes: readonly AssetChange[]): boolean {
  if (direction === undefined && mint === undefined && least === undefined) return true;
  return changes.some(
    (change) =>
      (direction === undefined || change.direction === direction) &&
      (mint === undefined || change.asset === mint) &&
      (least === undefined || isAtLeast(change, least)),
  );
}

/** Compares in the finer of both units, because a limit may have more decimals than the asset. */
function isAtLeast({ raw, decimals }: Pick<AssetChange, 'raw' | 'decimals'>, least: string): boolean {
  const [whole = '0', fraction = ''] = least.split('.');
  const finest = Math.max(decimals, fraction.length);
  const amount = BigInt(raw.replace('-', '')) * 10n ** BigInt(finest - decimals);
  return amount >= BigInt(`${whole}${fraction.padEnd(finest, '0')}`);
}

/** @throws NodeError `input.invalid` if the pattern is none, or too large */
export function requirePattern({ memoPattern }: Pick<Filters, 'memoPattern'>): void {
  if (memoPattern === undefined) return;
  try {
    compilePattern(memoPattern, 0);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new NodeError('input.invalid', `with.memoPattern: ${error.message}`);
  }
}

/** Work that one memo may cost: more than the largest memo costs with the largest pattern. */
const FUEL = 20_000_000;

function matches(pattern: string, text: string): boolean {
  const fuel = newFuel(FUEL);
  return !matchesIn(fuel, programOf(fuel, pattern, undefined), text).next().done;
}
