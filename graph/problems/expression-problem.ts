import type { ValueProblem } from '../expression/compile.ts';
import type { ParseProblemCode } from '../expression/problem.ts';
import type { Problem } from './problem.ts';

/** How to fix problems of expressions if the parser says nothing better. The parser's own table says what they mean. */
export const EXPRESSION_MENDS: Readonly<Record<ParseProblemCode, string>> = {
  'expression-syntax': 'Fix it at the place shown.',
  'expression-unclosed': 'Close it with `}}`, or quote the text if the expression was cut short by YAML.',
  'expression-unsupported': 'Use only what `expressions.md` lists, or a `code.javascript` node.',
  'expression-too-large': 'Split it over several `set` nodes.',
  'expression-number': 'Quote it, so that it is a text.',
  'unknown-name': 'Begin with a name of the scope, such as `input` or `nodes`.',
  'unknown-function': 'See the functions in `expressions.md`.',
  'wrong-arguments': 'See the function in `expressions.md`.',
};

/** Turns a problem of an expression into a problem of the document: where in its text it is, and how to fix it. */
export function expressionProblem(
  text: string,
  { code, message, hint, position }: ValueProblem,
  path: string,
): Problem {
  const rest = text
    .slice(position, position + 20)
    .replace(/\s+/g, ' ')
    .trim();
  const where = rest === '' ? ' It is at the end of the text.' : ` It is at \`${rest}\`.`;
  return {
    severity: 'error',
    code,
    path,
    message: code === 'expression-syntax' ? message + where : message,
    hint: hint ?? EXPRESSION_MENDS[code as ParseProblemCode],
  };
}
