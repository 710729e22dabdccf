import type * as acorn from 'acorn';
import type { Child } from './ast.ts';
import type { Gathered } from './gathered/reads.ts';

/** The state of a translation. */
export interface Context {
  /** Parameters of the enclosing arrow functions, with their slots. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly nextSlot: number;
  readonly depth: number;
  readonly gathered: Gathered;
  /** Translates a child. Passed along, so that the files of the translator need not import each other in a cycle. */
  readonly translate: (node: AnyNode, context: Context) => Child;
}

/** Every kind of node that acorn may put in place of an expression. */
export type AnyNode = acorn.Expression | acorn.SpreadElement | acorn.Super | acorn.PrivateIdentifier;
