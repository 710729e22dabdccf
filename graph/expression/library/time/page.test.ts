/** The examples of docs/time.md give what the page says. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FUEL_PER_EXPRESSION } from '../../../limits.ts';
import { evaluate, newFuel, parseExpression, zoneRules } from '../../index.ts';

const page = readFileSync(new URL('../../../../docs/time.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| [^|`]+ \| `([^`]+)` \| `([^`]+)` \|$/gm)].map(([, source, result]) => [
  source!,
  result!,
]);

it.each(rows)('%s gives %s', (source, result) => {
  const parsed = parseExpression(`['2026-03-28T12:00:00Z'].map(t => ${source})[0]`);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  expect(String(evaluate(parsed.ast, {}, newFuel(FUEL_PER_EXPRESSION, zoneRules)))).toBe(result);
});

it('finds them', () => {
  expect(rows.length).toBeGreaterThan(10);
});
