import type { CaseResult } from '../../graph/cases/index.ts';
import type { Json } from '../../graph/json.ts';
import { printable } from '../print/diff.ts';
import { problemLines } from '../print/problems.ts';
import { type FileResult, hasPassed, isBroken } from './run-file.ts';

const GREEN = '32';
const RED = '31';
const DIM = '2';

/** Longest value that is shown of a difference. */
const MOST_SHOWN = 300;

/** A file of tests as people read it: one line if all is well, else each failed case with what differs. */
export function resultLines(result: FileResult, colours: boolean): string[] {
  const paint = (text: string, colour: string) => (colours ? `\x1b[${colour}m${text}\x1b[0m` : text);
  const { file, cases, problems, problemsIn = file, error } = result;
  if (isBroken(result))
    return [
      paint(`✖ ${file}`, RED),
      ...(error === undefined ? [] : [`  ${error}`]),
      ...problemLines(problemsIn, problems).map((line) => `  ${line}`),
    ];
  const failed = cases.filter(({ passed }) => !passed);
  const count = cases.length === 1 ? '1 case' : `${cases.length} cases`;
  if (failed.length === 0) return [`${paint('✔', GREEN)} ${file} ${paint(`(${count})`, DIM)}`];
  return [
    paint(`✖ ${file} (${failed.length} of ${count} failed)`, RED),
    ...failed.flatMap((one) => caseLines(file, one, paint)),
  ];
}

function caseLines(file: string, { name, differences }: CaseResult, paint: (text: string, colour: string) => string) {
  return [
    `  ${paint('✖', RED)} ${printable(name)}`,
    ...differences.flatMap(({ what, message, line, column = 1, ...values }) => [
      `      ${printable(what)}${line === undefined ? '' : paint(`  ${file}:${line}:${column}`, DIM)}`,
      ...(message === undefined ? [] : [`        ${printable(message)}`]),
      ...('expected' in values ? [paint(`        - expected  ${shown(values.expected)}`, GREEN)] : []),
      ...('actual' in values ? [paint(`        + actual    ${shown(values.actual)}`, RED)] : []),
      ...('expected' in values !== 'actual' in values && message === undefined
        ? [paint(`        ${'expected' in values ? '+ actual    (nothing)' : '- expected  (nothing)'}`, DIM)]
        : []),
    ]),
  ];
}

/** How many cases passed. */
export function summaryLine(results: readonly FileResult[], ms: number): string {
  const cases = results.flatMap((result) => result.cases);
  const failed = cases.filter(({ passed }) => !passed).length;
  const broken = results.filter(isBroken).length;
  const parts = [
    `${cases.length - failed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'file' : 'files'} not run`] : []),
  ];
  return `${results.every(hasPassed) ? '✔' : '✖'} ${parts.join(', ')} (${ms} ms)`;
}

/** A file of tests as `--json` prints it. */
export const resultJson = (result: FileResult): object => ({ ...result, passed: hasPassed(result) });

function shown(value: Json | undefined): string {
  const text = printable(JSON.stringify(value) ?? 'nothing');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
