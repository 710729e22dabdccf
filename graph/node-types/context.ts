import type { Catalogue } from '../catalogue.ts';
import type { JsonSchema } from '../json.ts';
import type { TriggerFacts } from './builtin-triggers.ts';

/** What a graph is validated against. Optional parts that are not given are not checked. */
export interface ValidationContext {
  readonly catalogue: Catalogue;
  /** Triggers of providers, by type (`imap.newMessage`). */
  readonly triggers?: ReadonlyMap<string, TriggerFacts>;
  /** Connections of the workspace, by name. */
  readonly connections?: ReadonlyMap<string, { readonly type: string }>;
  /** Names of the workflows of the workspace. */
  readonly workflows?: { has(name: string): boolean };
  /** Why values cannot be checked against a JSON Schema (`graph/start`), such as an unknown `$ref`; else null. */
  readonly schemaProblem?: (schema: JsonSchema) => string | null;
}

/** Whether a connection of type `actual` fits a node that takes `wanted`: the same type, or a prefix ending in `*`. */
export function connectionFits(wanted: string, actual: string): boolean {
  return wanted.endsWith('*') ? actual.startsWith(wanted.slice(0, -1)) : actual === wanted;
}
