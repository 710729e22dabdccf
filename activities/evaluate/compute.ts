import { runData } from '../../graph/data/index.ts';
import { resolveInPlace } from '../../graph/expression/index.ts';
import type { Fuel, Template } from '../../graph/expression/types.ts';
import { scopeFromSlice } from '../../graph/run-state/index.ts';

/** A computation, with all data that it reads. */
export interface Computation {
  readonly template: Template;
  /** The type of a data node. Absent: an expression, or a template of some. */
  readonly data?: string | undefined;
  /** The place of the template in its node, for messages. */
  readonly field?: string | undefined;
  /** What expressions may read. */
  readonly scope: unknown;
  /** What they read as the time. */
  readonly now: string;
}

/** Does a computation. @throws ExpressionError, DataError */
export function compute({ template, data, field = 'with', scope: value, now }: Computation, fuel: Fuel): unknown {
  const scope = scopeFromSlice({ value: value as never }, { now });
  return data ? runData(data, template, scope, fuel) : resolveInPlace(template, scope, fuel, field);
}
