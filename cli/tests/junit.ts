import type { CaseResult } from '../../graph/cases/index.ts';
import { problemLines } from '../print/problems.ts';
import { resultLines } from './print.ts';
import { type FileResult, isBroken } from './run-file.ts';

/** The results as JUnit's XML, which CI systems read: a suite for each file, a test case for each case. */
export function junitText(results: readonly FileResult[]): string {
  const cases = results.flatMap((result) => result.cases);
  const failures = cases.filter(({ passed }) => !passed).length;
  const errors = results.filter(isBroken).length;
  const total = `tests="${cases.length + errors}" failures="${failures}" errors="${errors}" time="${secondsOf(results)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="blok test" ${total}>\n${results.map(suiteText).join('')}</testsuites>\n`;
}

function suiteText(result: FileResult): string {
  const { file, cases } = result;
  const failures = cases.filter(({ passed }) => !passed).length;
  const errors = isBroken(result) ? 1 : 0;
  const head = `name="${attribute(file)}" tests="${cases.length + errors}" failures="${failures}" errors="${errors}" time="${secondsOf([result])}"`;
  const broken =
    errors === 0
      ? ''
      : `    <testcase name="the file" classname="${attribute(file)}">\n      <error message="The cases could not be run.">${xml(brokenText(result))}</error>\n    </testcase>\n`;
  return `  <testsuite ${head}>\n${broken}${cases.map((one) => caseText(result, one)).join('')}  </testsuite>\n`;
}

function caseText(result: FileResult, one: CaseResult): string {
  const head = `    <testcase name="${attribute(one.name)}" classname="${attribute(result.file)}"`;
  if (one.passed) return `${head}/>\n`;
  const [first] = one.differences;
  const text = resultLines({ ...result, cases: [one] }, false)
    .slice(2)
    .join('\n');
  return `${head}>\n      <failure message="${attribute(first?.what ?? 'failed')}">${xml(text)}</failure>\n    </testcase>\n`;
}

const brokenText = ({ file, problems, problemsIn = file, error }: FileResult): string =>
  [...(error === undefined ? [] : [error]), ...problemLines(problemsIn, problems)].join('\n');

const secondsOf = (results: readonly FileResult[]): string =>
  (results.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(3);

/** Characters that XML 1.0 cannot hold, even escaped. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Within an attribute, readers take line breaks for spaces unless they are escaped. */
const attribute = (text: string): string =>
  xml(text).replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);

const xml = (text: string): string =>
  text.replaceAll(NOT_XML, '�').replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!);
