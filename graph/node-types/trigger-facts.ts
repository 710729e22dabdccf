import type { JsonSchema } from '../json.ts';

/** What the language must know about a trigger type. */
export interface TriggerFacts {
  readonly description: string;
  /** Schema of `with`. */
  readonly with: JsonSchema;
  /** Parameters that are resolved for each firing, and what they read besides `vars`. The others read `vars` only. */
  readonly reads?: Readonly<Record<string, readonly string[]>>;
  /** Schemas of the fields it adds to `trigger`; absent: any fields. */
  readonly brings?: Readonly<Record<string, JsonSchema>>;
  /** Type of the connection it takes, if only one type fits, and whether it needs a connection. */
  readonly connection?: { readonly type?: string; readonly required: boolean };
}
