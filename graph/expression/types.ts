/**
 * A compact, JSON-safe syntax tree: `[kind, …children]`. Kinds are strings of one to three letters.
 * The plan carries the tree, and `evaluate` walks it. The shape is private to `graph/expression`.
 */
export type Ast = readonly unknown[];

/** What an expression reads, determined without running it. */
export interface Reads {
  /** Root names: `trigger input vars nodes errors run now item index state loops error resume`. */
  readonly roots: readonly string[];
  /** For each `nodes.<id>`: JSON Pointers of the static member chains read below it ('' is the whole value). */
  readonly nodes: Readonly<Record<string, readonly string[]>>;
  /**
   * The places that read a property of `nodes.<id>`, `errors.<id>` or `error` without `?.`: null would fail there.
   * `path` is the JSON Pointer of the text that contains the place, if a whole value was compiled.
   */
  readonly unguarded: readonly (Unguarded & { readonly path?: string })[];
  /** Ids in `errors.<id>`. */
  readonly errors: readonly string[];
  /** Names in `vars.<name>`. */
  readonly vars: readonly string[];
  /** Ids in `loops.<id>`. */
  readonly loops: readonly string[];
}

/** A read that fails on null. */
export interface Unguarded {
  readonly of: 'nodes' | 'errors' | 'error';
  /** The id after `nodes` or `errors`; empty for `error`. */
  readonly node: string;
  /** Character offset in the text that contains the read. */
  readonly position: number;
}

/** Why a source is not an expression of the language. */
export interface ParseProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Character offset in the source text given. */
  readonly position: number;
}

/** A value with `${{ }}` in it, compiled. Compact and JSON-safe: the plan carries it. */
export type Template =
  /** A constant. */
  | readonly ['v', unknown]
  /** One expression alone in its string: yields its typed value. The last element is its source. */
  | readonly ['e', Ast, string]
  /** Text with embedded expressions. */
  | readonly ['t', readonly (string | readonly ['e', Ast, string])[]]
  | readonly ['l', readonly Template[]]
  | readonly ['o', readonly (readonly [string, Template])[]];

/** Values by root name. Made with a null prototype; the evaluator reads only own properties. */
export type Scope = Readonly<Record<string, unknown>>;

/** Rules of time zones. They change with the machine and the year, so the workflow sandbox has none. */
export interface ZoneRules {
  /** How many milliseconds the clocks of a zone are ahead of UTC at an instant; null if there is no such zone. */
  offsetAt(zone: string, ms: number): number | null;
}

/** The resources that an evaluation may use. */
export interface Fuel {
  /** Work allowance, counted down by the evaluator: one per step, and one per 16 characters or elements produced. */
  left: number;
  /** Absent if the rules are not available here. Results that need them are then computed elsewhere, and recorded. */
  readonly zones?: ZoneRules | undefined;
  /** `JSON.parse` takes the nearest double of each number, as in runs that began before it refused some numbers. */
  readonly roundsNumbers?: boolean;
  /**
   * The version of the interpreter whose prices are paid; absent: the current one. A run that began when some work was
   * too cheap keeps the old prices: with new ones it would yield elsewhere when it is replayed.
   */
  readonly prices?: number;
  /** How many characters the texts of the result may still have, shared by all expressions of one value. */
  readonly room?: { left: number };
}
