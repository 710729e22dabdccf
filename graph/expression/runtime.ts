/** The part of the expression engine that runs in the workflow sandbox: no parser. */
export { asCondition } from './condition.ts';
export { ExpressionError, type ExpressionReason } from './error.ts';
export { evaluate } from './evaluate.ts';
export { newFuel } from './fuel.ts';
export { NeedsData, Reference, type ReferenceFields, readPointer } from './reference.ts';
export { resolve, resolveInPlace } from './resolve.ts';
export { detach, type ReferenceAt, settle } from './settle.ts';
export type { Ast, Fuel, ParseProblem, Reads, Scope, Template, ZoneRules } from './types.ts';
