import type { Problem } from '../../graph/problems/problem.ts';

/**
 * Problems as `file:line:column code message`, which editors and terminals can follow, each with its hint below. A
 * warning has the word before its code.
 */
export function problemLines(file: string, problems: readonly Problem[]): string[] {
  return problems.flatMap((problem) => {
    const place = problem.line === undefined ? file : `${file}:${problem.line}:${problem.column ?? 1}`;
    const where = problem.line === undefined && problem.path !== '' ? ` (at ${problem.path})` : '';
    const severity = problem.severity === 'warning' ? 'warning ' : '';
    const line = `${place} ${severity}${problem.code} ${problem.message}${where}`;
    return problem.hint === undefined ? [line] : [line, `  ${problem.hint}`];
  });
}
