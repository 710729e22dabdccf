import type { ParseProblem } from './types.ts';

/** Codes of the problems that an expression can have before it ever runs. */
export const parseProblemCodes = {
  'expression-syntax': 'The text is not a JavaScript expression.',
  'expression-unclosed': 'An expression that begins with ${{ is not followed by }}.',
  'expression-unsupported': 'JavaScript has this construct, but the language does not.',
  'expression-too-large': 'The expression is too long, or nested too deeply.',
  'expression-number': 'A number would not keep the digits it is written with: `9007199254740993`, `01234`, `1e400`.',
  'unknown-name': 'An expression begins with a name the language does not have.',
  'unknown-function': 'The library has no such function.',
  'wrong-arguments':
    'A function is called with too few or too many arguments, without the function it needs, or with a constant it cannot take.',
} as const;

export type ParseProblemCode = keyof typeof parseProblemCodes;

/** Thrown within the parser and caught at its entry points: the parser reports problems and never throws. */
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
