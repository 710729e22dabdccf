import { MAX_SCHEMA_ALTERNATIVES, MAX_SCHEMA_NESTING } from '../../limits.ts';
import { type At, pointerOf } from './at.ts';
import { TooCostly, Unusable } from './errors.ts';
import type { Ready } from './machine.ts';

/** What applies to one value when a schema does: how many schemas, and how deep they are nested. */
interface Extent {
  readonly count: number;
  readonly height: number;
}

/**
 * Refuses schemas that cost too much whatever the value is: many schemas for the same value (two references to a schema
 * with two references to …), and a schema that refers to itself for the same value, which never ends.
 *
 * @throws TooCostly, Unusable
 */
export function refuseCostly(schemas: readonly Ready[]): void {
  const known = new Map<Ready, Extent | 'open'>();
  for (const schema of schemas) extentOf(schema, 0);

  function extentOf(schema: Ready, depth: number): Extent {
    const before = known.get(schema);
    if (before === 'open') throw new Unusable('The schema refers to itself without going into the value', schema.where);
    if (before !== undefined) return before;
    if (depth > MAX_SCHEMA_NESTING) throw tooDeep(schema.where);
    known.set(schema, 'open');
    const inner = schema.inPlace.map((each) => extentOf(each, depth + 1));
    const extent = {
      count: inner.reduce((sum, { count }) => sum + count, 1),
      height: inner.reduce((most, { height }) => Math.max(most, height + 1), 0),
    };
    if (extent.height > MAX_SCHEMA_NESTING) throw tooDeep(schema.where);
    if (extent.count > MAX_SCHEMA_ALTERNATIVES)
      throw new TooCostly(
        `More than ${MAX_SCHEMA_ALTERNATIVES} schemas apply to each value here${isRoot(schema.where)}, because schemas are referred to again and again.`,
        schema.where,
      );
    known.set(schema, extent);
    return extent;
  }
}

const isRoot = (where: At): string => (pointerOf(where) === '' ? ' (the whole schema)' : '');

const tooDeep = (where: At): TooCostly =>
  new TooCostly(`Schemas are nested, or refer to each other, more than ${MAX_SCHEMA_NESTING} deep.`, where);
