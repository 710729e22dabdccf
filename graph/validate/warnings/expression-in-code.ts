import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import type { ExpressionText } from '../expressions/texts.ts';
import { treesOf } from '../kinds/chains.ts';
import type { Subject } from './subject.ts';

/** Parameters that hold a program, by their name in the catalogue, and what to use in place of an expression. */
const PROGRAMS: readonly (readonly [RegExp, what: string, hint: string])[] = [
  [/\/with\/(sql|statement)$/, 'SQL', 'Write `$1` there and give the value in `params`.'],
  [/\/with\/(source|script|code)$/, 'a script', 'Give the value in `input` and read `input` there.'],
];

/**
 * Finds expressions within the text of SQL or of a script, because their values are run as code. Expressions that read
 * only `vars` are allowed: these values are the author's own, such as the name of a table.
 */
export function expressionsInCode({ expressions }: Subject): Problem[] {
  const problems: Problem[] = [];
  for (const each of expressions) {
    const program = PROGRAMS.find(([parameter]) => parameter.test(each.path));
    if (program === undefined || !isPutTogether(each)) continue;
    const [, what, hint] = program;
    if (each.compiled.reads.roots.every((root) => root === 'vars')) continue;
    const message = `An expression is put into the text of ${what}: a value that contains a quote changes the code.`;
    problems.push(problem('expression-in-code', each.path, message, hint));
  }
  return problems;
}

/** Whether a text mixes constants and expressions, or is an expression that joins texts. */
function isPutTogether({ compiled: { template } }: ExpressionText): boolean {
  if (template[0] === 't') return true;
  return treesOf(template).some(
    ([kind, ...parts]) => kind === '`' || (kind === '+' && parts.some((part) => typeof part === 'string')),
  );
}
