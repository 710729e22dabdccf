/** The pure data nodes of the language (docs/language.md): lists in, list out, no effect, no activity. */
import { freshRoom, hasPrices } from '../expression/fuel.ts';
import { resolveInPlace } from '../expression/resolve.ts';
import { settle } from '../expression/settle.ts';
import type { Fuel, Scope, Template } from '../expression/types.ts';
import { put } from '../expression/values.ts';
import { aggregate } from './aggregate.ts';
import { filter } from './filter.ts';
import { limit } from './limit.ts';
import { log } from './log.ts';
import { merge } from './merge.ts';
import { fieldsOf } from './parameters.ts';
import { removeDuplicates } from './remove-duplicates.ts';
import { set } from './set.ts';
import { sort } from './sort.ts';
import { splitOut } from './split-out.ts';
import { type DataNode, invalid } from './types.ts';

export { DataError, type DataNode, type DataParameter } from './types.ts';

/** All data node types, by the word in `uses`. */
export const dataNodeTypes: Readonly<Record<string, DataNode>> = {
  set,
  log,
  filter,
  limit,
  sort,
  removeDuplicates,
  splitOut,
  aggregate,
  merge,
};

/**
 * Runs a data node and returns its output, with references left in place (`detach` takes them out). Parameters that are
 * read per element see `item` and `index`; the others are read once.
 *
 * @throws ExpressionError if an expression fails
 * @throws DataError `input.invalid` if a parameter is of the wrong kind
 * @throws NeedsData if the node computes with data held by reference
 * @example runData('limit', ['o', [['items', …], ['count', ['v', 10]]]], scope, newFuel())
 */
export function runData(uses: string, withTemplate: Template | undefined, scope: Scope, fuel: Fuel): unknown {
  const type = Object.hasOwn(dataNodeTypes, uses) ? dataNodeTypes[uses] : undefined;
  if (type === undefined) return invalid(`There is no data node "${uses}".`);
  const output = type.run({ with: withTemplate, scope, fuel });
  // An output may hold the same part many times: it is counted as it will be written, apart from what the node has read.
  freshRoom(fuel);
  return hasPrices(7, fuel) ? settle(fuel, output) : output;
}

/**
 * The parameters of a data node that are read once, resolved: the step shows them as its input (for `log`, that is the
 * message). Parameters that are read per element are left out.
 */
export function dataInput(
  uses: string,
  withTemplate: Template | undefined,
  scope: Scope,
  fuel: Fuel,
): Record<string, unknown> {
  const params = Object.hasOwn(dataNodeTypes, uses) ? dataNodeTypes[uses]?.params : undefined;
  const result: Record<string, unknown> = {};
  for (const [name, template] of fieldsOf(withTemplate, 'with')) {
    if (params !== undefined && Object.hasOwn(params, name) && params[name]?.perElement) continue;
    const value = resolveInPlace(template, scope, fuel, `with.${name}`);
    if (value !== undefined) put(result, name, value);
  }
  return result;
}
