import type { ParseProblem } from './types.ts';

/** Codes of the problems an expression can have before it ever runs. */
export const parseProblemCodes = {
  'expression-syntax': 'The text is not an expression of JavaScript.',
  'expression-unclosed': 'An expression begun with ${{ is not followed by }}.',
  'expression-unsupported': 'JavaScript has it, the language does not.',
  'expression-too-large': 'The expression is too long, or nested too deep.',
  'expression-number': 'A number that would not stay as it is written: `9007199254740993`, `01234`, `1e400`.',
  'unknown-name': 'An expression begins with a name the language does not have.',
  'unknown-function': 'The library has no such function.',
  'wrong-arguments':
    'A function is called with too few or too many arguments, without the function it needs, or with a constant it cannot take.',
} as const;

export type ParseProblemCode = keyof typeof parseProblemCodes;

/** Thrown within the parser, caught at its entries: parsing reports, it never throws. */
export class ParseFailure extends Error {
  readonly problem: ParseProblem;

  constructor(code: ParseProblemCode, position: number, message: string, hint?: string) {
    super(message);
    this.problem = hint === undefined ? { code, message, position } : { code, message, hint, position };
  }
}

/** Throws a `ParseFailure`. */
export function refuse(code: ParseProblemCode, position: number, message: string, hint?: string): never {
  throw new ParseFailure(code, position, message, hint);
}
