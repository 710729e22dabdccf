import type { Fuel } from '../types.ts';

/** A function argument as the library sees it: an arrow function or a library function, ready to call. */
export type Callback = (...args: unknown[]) => unknown;

/** What the generated page says about a function. */
export interface Documentation {
  /** How a call is written, e.g. `text.padStart(length, fill = ' ')`. */
  readonly signature: string;
  readonly summary: string;
  /** Source and result; checked by a test. */
  readonly example: readonly [source: string, result: unknown];
}

/** What an argument must be. The parser checks constants against it. */
export type ArgumentKind =
  | 'text'
  | 'list'
  | 'time'
  | 'unit'
  | 'part'
  | 'clock'
  | 'zone'
  | 'datePattern'
  | 'readablePattern'
  | 'regex'
  | 'flags'
  | 'algorithm'
  | 'bytesAs'
  | 'path';

/** A function called by its name: `Math.max(…)`, `parseInt(…)`. */
export interface LibraryFunction extends Documentation {
  /** Fewest and most arguments. */
  readonly takes: readonly [least: number, most: number];
  /** Index of the argument that may be a function. No other argument may be one. */
  readonly callback?: number;
  /** What each argument must be, if a constant can be checked for that. */
  readonly kinds?: readonly (ArgumentKind | undefined)[];
  /** What the name means in plans compiled before its meaning grew. Running workflows keep the old meaning. */
  readonly before?: LibraryFunction['run'] | undefined;
  /** Arguments are never references, because the evaluator has asked for their data before. */
  readonly run: (fuel: Fuel, args: readonly unknown[]) => unknown;
}

/** A method, called on a value: `name.trim()`, `rows.map(…)`. */
export interface LibraryMethod<Self> extends Documentation {
  readonly takes: readonly [least: number, most: number];
  readonly callback?: number;
  readonly run: (fuel: Fuel, self: Self, args: readonly unknown[]) => unknown;
}

/** Functions, or methods of one kind of value, by name. */
export type Functions = Readonly<Record<string, LibraryFunction>>;
export type Methods<Self> = Readonly<Record<string, LibraryMethod<Self>>>;
