import { FUEL_PER_EXPRESSION } from '../limits.ts';
import { ExpressionError } from './error.ts';
import { evaluate } from './evaluate.ts';
import { charge, freshRoom } from './fuel.ts';
import { toDisplayText } from './json-text.ts';
import { detach, type ReferenceAt, settle } from './settle.ts';
import type { Ast, Fuel, Scope, Template } from './types.ts';
import { joinTexts, put } from './values.ts';

/**
 * Resolves a template. The result is the value, with null in place of data held by reference, and beside it those
 * references by JSON Pointer. Fields that resolve to undefined are left out. Each expression may use at most
 * `FUEL_PER_EXPRESSION`, and all together at most what is left in `fuel`.
 *
 * @param field the place of the template in its node, for messages, e.g. `with` or `if`
 * @throws ExpressionError whose message names the field and the expression
 * @throws NeedsData if an expression computes with data held by reference
 * @example resolve(['e', ast, 'input.n'], { input: { n: 1 } }, newFuel()) // { value: 1, refs: [] }
 */
export function resolve(
  template: Template,
  scope: Scope,
  fuel: Fuel,
  field = 'with',
): { value: unknown; refs: ReferenceAt[] } {
  if (template[0] === 'v') return { value: template[1], refs: [] };
  freshRoom(fuel);
  const value = resolveInPlace(template, scope, fuel, field);
  // Counted once more, as a whole.
  freshRoom(fuel);
  return detach(fuel, value);
}

/** Like `resolve`, but the references stay in place within the value. */
export function resolveInPlace(template: Template, scope: Scope, fuel: Fuel, field: string): unknown {
  switch (template[0]) {
    case 'v':
      return template[1];
    case 'e':
      return expression(template, scope, fuel, field, (own, value) => settle(own, value));
    case 't':
      return text(template[1], scope, fuel, field);
    case 'l':
      charge(fuel, 1 + (template[1].length >> 4));
      return template[1].map((entry, index) => resolveInPlace(entry, scope, fuel, `${field}[${index}]`) ?? null);
    case 'o': {
      charge(fuel, 1 + (template[1].length >> 4));
      const result: Record<string, unknown> = {};
      for (const [key, entry] of template[1]) {
        const value = resolveInPlace(entry, scope, fuel, fieldName(field, key));
        if (value !== undefined) put(result, key, value);
      }
      return result;
    }
  }
}

function text(
  parts: readonly (string | readonly ['e', Ast, string])[],
  scope: Scope,
  fuel: Fuel,
  field: string,
): string {
  let result = '';
  for (const part of parts) {
    const piece = typeof part === 'string' ? part : expression(part, scope, fuel, field, toDisplayText);
    result = joinTexts(fuel, result, piece);
  }
  return result;
}

/** Evaluates one expression on its own allowance, then takes the fuel it used from the whole. */
function expression<Result>(
  [, ast, source]: readonly ['e', Ast, string],
  scope: Scope,
  fuel: Fuel,
  field: string,
  finish: (own: Fuel, value: unknown) => Result,
): Result {
  const allowance = Math.min(FUEL_PER_EXPRESSION, fuel.left);
  const own: Fuel = { ...fuel, left: allowance };
  try {
    return finish(own, evaluate(ast, scope, own));
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const shown = source.length > 200 ? `${source.slice(0, 200)}…` : source;
    throw new ExpressionError(error.reason, `${field}: ${error.message} In \${{ ${shown} }}`, error.position);
  } finally {
    fuel.left -= allowance - own.left;
  }
}

/** `with.headers['x-id']` */
function fieldName(field: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${field}.${key}` : `${field}['${key.slice(0, 100)}']`;
}
