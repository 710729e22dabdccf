import type * as acorn from 'acorn';
import type { Child } from './ast.ts';
import type { Gathered } from './reads.ts';

/** Where the translation stands. */
export interface Context {
  /** Parameters of the arrow functions around, with their slots. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly nextSlot: number;
  readonly depth: number;
  readonly gathered: Gathered;
  /** Translates a child; carried here so that the files of the translator need not import each other in a ring. */
  readonly translate: (node: AnyNode, context: Context) => Child;
}

/** Whatever acorn may put where an expression stands. */
export type AnyNode = acorn.Expression | acorn.SpreadElement | acorn.Super | acorn.PrivateIdentifier;
