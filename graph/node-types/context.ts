import type { Catalogue } from '../catalogue.ts';
import type { JsonSchema } from '../json.ts';
import type { TriggerFacts } from './builtin-triggers.ts';

/** What a graph is validated against. What is not given is not checked. */
export interface ValidationContext {
  readonly catalogue: Catalogue;
  /** Triggers of providers, by type (`imap.newMessage`). */
  readonly triggers?: ReadonlyMap<string, TriggerFacts>;
  /** Connections of the workspace, by name. */
  readonly connections?: ReadonlyMap<string, { readonly type: string }>;
  /** Names of the workflows of the workspace. */
  readonly workflows?: { has(name: string): boolean };
  /** Why values cannot be checked against a JSON Schema, or null (`graph/start`): an unknown `$ref`, a look-around. */
  readonly schemaProblem?: (schema: JsonSchema) => string | null;
}

/** Whether a connection of type `actual` serves where `wanted` is asked for: the same, or a prefix ending in `*`. */
export function connectionFits(wanted: string, actual: string): boolean {
  return wanted.endsWith('*') ? actual.startsWith(wanted.slice(0, -1)) : actual === wanted;
}
