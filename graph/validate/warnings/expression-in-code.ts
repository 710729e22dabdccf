import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import type { ExpressionText } from '../expressions/texts.ts';
import { treesOf } from '../kinds/chains.ts';
import type { Subject } from './subject.ts';

/** Parameters that hold a program, by the name the catalogue gives them, and what to use instead. */
const PROGRAMS: readonly (readonly [RegExp, what: string, hint: string])[] = [
  [/\/with\/(sql|statement)$/, 'SQL', 'Write `$1` there and give the value in `params`.'],
  [/\/with\/(source|script|code)$/, 'a script', 'Give the value in `input` and read `input` there.'],
];

/**
 * Expressions within the text of SQL or of a script: what they yield is run as a part of it. Those that read `vars`
 * only are the author's own, such as the name of a table.
 */
export function expressionsInCode({ expressions }: Subject): Problem[] {
  const problems: Problem[] = [];
  for (const each of expressions) {
    const program = PROGRAMS.find(([parameter]) => parameter.test(each.path));
    if (program === undefined || !isPutTogether(each)) continue;
    const [, what, hint] = program;
    if (each.compiled.reads.roots.every((root) => root === 'vars')) continue;
    const message = `An expression is put into the text of ${what}: a value with a quote in it changes what is run.`;
    problems.push(problem('expression-in-code', each.path, message, hint));
  }
  return problems;
}

/** Whether a text has an expression among others, or is one that puts texts together. */
function isPutTogether({ compiled: { template } }: ExpressionText): boolean {
  if (template[0] === 't') return true;
  return treesOf(template).some(
    ([kind, ...parts]) => kind === '`' || (kind === '+' && parts.some((part) => typeof part === 'string')),
  );
}
