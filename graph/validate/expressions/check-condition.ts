import { compileValue } from '../../expression/parse.ts';
import type { Json } from '../../json.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';

/**
 * Checks a guard (`if`): true, false, null, or a single expression. Anything else would fail each time it is read:
 * `if: no` is a text in YAML 1.2, and `if: input.paid` lacks its `${{ }}`.
 */
export function checkCondition(value: Json | undefined, path: string): Problem[] {
  if (value === undefined || typeof value === 'boolean' || value === null) return [];
  const { template, problems } = compileValue(value);
  // An expression with a problem is reported elsewhere.
  if (template[0] === 'e' || problems.length > 0) return [];
  const shown = JSON.stringify(value);
  return [
    problem(
      'bad-value',
      path,
      `\`if\` is ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}, which is neither true nor false.`,
      'Write `true`, `false`, or an expression alone in its text, such as `"${{ input.amount > 100 }}"`.',
    ),
  ];
}
