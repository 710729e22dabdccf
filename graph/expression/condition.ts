import { fail } from './error.ts';
import { demand } from './reference.ts';
import { kindOf } from './values.ts';

/**
 * Reads a resolved `if`, `test` or `when`: true or false; null and undefined count as false. Any other value is
 * refused, so that the text 'false' is never taken for true.
 *
 * @throws ExpressionError `condition` for any other value
 * @throws NeedsData for data held by reference
 */
export function asCondition(value: unknown, field?: string): boolean {
  if (value === true || value === false) return value;
  if (value === null || value === undefined) return false;
  demand(value);
  const shown =
    typeof value === 'string' || typeof value === 'number' ? ` (${JSON.stringify(value).slice(0, 60)})` : '';
  return fail(
    'condition',
    `${field === undefined ? '' : `${field}: `}A condition must be true, false or null, not ${kindOf(value)}${shown}. Compare it: \${{ … == … }}.`,
  );
}
