/**
 * The part of the language that may run inside Temporal's workflow sandbox: the reducer, the evaluator, plan types.
 * No parser, no schema library, no clock, no locale.
 */
export type { NodeFacts, RetryPolicy } from './catalogue.ts';

import { resolveInPlace, type Scope, type Template } from './expression/runtime.ts';
import type { Run } from './run-state/state/state.ts';
import { fuelOf } from './run-state/values/scope.ts';

export { inlineValues } from './expression/inline-values.ts';
export { ExpressionError, NeedsData, Reference, type Scope, type Template } from './expression/runtime.ts';
export type { Json, JsonObject } from './json.ts';
export { exceeds } from './json-size.ts';
export {
  INTERNAL_INPUT_IN_HISTORY,
  MAX_CHAINS,
  OUTPUT_IN_HISTORY,
  RECORDS_HELD,
  REQUEST_IN_HISTORY,
  START_IN_HISTORY,
} from './limits.ts';
export { type PackedPlan, unpackPlan } from './plan/pack.ts';
export type { Plan, PlanBody, PlanConcurrency, PlanEffect, PlanNode } from './plan/types.ts';
export * from './run-state/index.ts';
export { isPackable, packProof } from './start/packed-proof.ts';
export { sandboxDigest, sandboxRunId } from './start/sandbox-digest.ts';

/** Resolves a template of a run, outside all steps. @throws ExpressionError, NeedsData */
export const resolveTemplate = (run: Run, template: Template, scope: Scope, field: string): unknown =>
  resolveInPlace(template, scope, fuelOf(run), field);
