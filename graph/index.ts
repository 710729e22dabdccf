/**
 * The graph language: documents, validation, editing, drawing. For everyone except the workflow sandbox, which loads
 * `sandbox.ts`.
 */
export type {
  Catalogue,
  Effect,
  NodeFacts,
  ProviderTriggerFacts,
  RetryPolicy,
  TriggerFacts,
} from './catalogue.ts';
export { type Change, type DiffLine, diffGraphs, diffLines, diffMermaid, type GraphDiff } from './diff/index.ts';
export { canonicalJson } from './document/canonical.ts';
export { graphHash } from './document/hash.ts';
export { formatNeed, type Need, parseNeed } from './document/links.ts';
export { isId, isSlug, isUses, RESERVED_IDS, splitUses } from './document/names.ts';
export { locate, type Parsed, parseGraph } from './document/parse.ts';
export { checkShape } from './document/shape.ts';
export type { Position, Source } from './document/source.ts';
export type * from './document/types.ts';
export { formatDuration, MAX_DURATION_MS, parseDuration } from './duration.ts';
export { type Command, type Edited, edit } from './edit/index.ts';
export type { Json, JsonObject, JsonSchema } from './json.ts';
export {
  type Conflict,
  type Merged,
  type MergedText,
  mergeGraphs,
  mergeTexts,
  type Unreadable,
} from './merge/index.ts';
export { BUILTIN_TRIGGERS } from './node-types/builtin-triggers.ts';
export { BUILTIN_TYPES, type BuiltinType, builtinType } from './node-types/builtin-types.ts';
export type { ValidationContext } from './node-types/context.ts';
export { findFacts } from './node-types/facts.ts';
export { portsOf } from './node-types/ports.ts';
export { iconOf, KIND_CATEGORIES } from './node-types/presentation.ts';
export { fromPointer, toPointer } from './pointer.ts';
export { CODES, type CodeEntry, type ProblemCode, problem } from './problems/codes.ts';
export type { Problem } from './problems/problem.ts';
export { toMermaid } from './render/mermaid.ts';
export {
  applyEdits,
  type EditedText,
  editText,
  rewriteEdits,
  rewriteText,
  type TextEdit,
  writeYaml,
} from './rewrite/index.ts';
export { topologicalOrder, upstreamOf } from './structure/order.ts';
export { validate, validateText } from './validate/validate.ts';
