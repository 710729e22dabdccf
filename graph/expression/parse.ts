/** Parsing, at publish time: the only part of the engine that needs acorn. */
export { type CompiledValue, compileValue, locateReferences, type ValueProblem } from './compile.ts';
export type { LocatedReference } from './gathered/reads.ts';
export { ROOT_NAMES } from './names.ts';
export { type ParseProblemCode, parseProblemCodes } from './problem.ts';
export { parseExpression } from './source.ts';
