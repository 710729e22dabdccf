import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import type { ExpressionText } from '../expressions/texts.ts';
import { treesOf, walkTree } from '../kinds/chains.ts';
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
  return template[0] === 't' || treesOf(template).some(joins);
}

/** Whether the value of a tree can be a constant text with other values in it. */
function joins(tree: unknown): boolean {
  if (!Array.isArray(tree)) return false;
  const [kind, ...parts] = tree;
  switch (kind) {
    case '`':
      return true;
    case '+':
      return parts.some((part) => typeof part === 'string' || joins(part));
    case '?':
      return parts.slice(1).some(joins);
    case '??':
    case '||':
    case '&&':
      return parts.some(joins);
    case '.':
      return isConstantStart(parts[1]) && parts.slice(1).some(readsSomething);
    case 'f':
      return typeof parts[2] === 'string' && parts.slice(3).some(readsSomething);
    default:
      return false;
  }
}

/** `'select …'`, or `['select …', input.id]`: a text or list of texts on which a method is called. */
const isConstantStart = (base: unknown): boolean =>
  Array.isArray(base) && (base[0] === 'k' || base[0] === '[') && base.slice(1).some((part) => typeof part === 'string');

const readsSomething = (tree: unknown): boolean => {
  let reads = false;
  if (Array.isArray(tree)) walkTree(tree, ([kind, , base]) => (reads ||= kind === '.' && typeof base === 'string'));
  return reads;
};
