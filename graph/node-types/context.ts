import type { Catalogue } from '../catalogue.ts';
import type { Fuel } from '../expression/types.ts';

/** What is known of a connection of the workspace. */
export interface StoredConnection {
  readonly type: string;
  /** What its service has said that it may do. Null or absent: the service has not said. */
  readonly scopes?: readonly string[] | null;
}

/** What a graph is validated against. Optional parts that are not given are not checked. */
export interface ValidationContext {
  readonly catalogue: Catalogue;
  /** Connections of the workspace, by name. */
  readonly connections?: ReadonlyMap<string, StoredConnection>;
  /** Prompts of the workspace: the newest version of each, by name. */
  readonly prompts?: ReadonlyMap<string, number>;
  /** Names of the workflows of the workspace. */
  readonly workflows?: { has(name: string): boolean };
  /** What reading the schemas of one document may cost together. Set by `validate`. */
  readonly schemaFuel?: Fuel;
}

/** Whether a connection of type `actual` fits a node that takes `wanted`: one of these types, or prefixes ending in `*`. */
export function connectionFits(wanted: string | readonly string[], actual: string): boolean {
  return [wanted].flat().some((type) => (type.endsWith('*') ? actual.startsWith(type.slice(0, -1)) : actual === type));
}
