import { nodeOf } from '../dry-run/index.ts';
import type { Json } from '../json.ts';
import { escapeSegment } from '../pointer.ts';
import type { StepRecord } from '../run-state/index.ts';
import { mismatches } from './match.ts';
import type { Difference, Expectation, ExpectedStep, Played, StepWord } from './types.ts';

/** What is not as expected of the steps of a run. */
export function differentSteps(expected: NonNullable<Expectation['steps']>, { steps }: Played): Difference[] {
  return Object.entries(expected).flatMap(([name, wanted]) => {
    const found = steps.filter(({ path }) => path === name || nodeOf(path) === name);
    const written: ExpectedStep =
      typeof wanted === 'string' ? { status: wanted } : typeof wanted === 'number' ? { count: wanted } : wanted;
    const path = `/steps/${escapeSegment(name)}`;
    return differentStep(name, written, found).map((each) => ({ ...each, path }));
  });
}

type Found = Omit<Difference, 'path'>;

/** Compares all executions of a node, or the one with a path. What is said of a node holds for each time it ran. */
function differentStep(name: string, wanted: ExpectedStep, all: readonly StepRecord[]): Found[] {
  const what = `steps.${name}`;
  const ran = all.filter(({ status }) => status !== 'skipped');
  const { status, count } = wanted;
  const wrongCount: Found[] =
    count === undefined || count === ran.length ? [] : [{ what: `${what}.count`, expected: count, actual: ran.length }];
  const wrongStatus = status === undefined ? [] : differentStatus(what, status, all);
  if (wrongStatus.length > 0) return wrongStatus;
  const details = ran.flatMap((step) => differentDetails(ran.length > 1 ? `steps.${step.path}` : what, wanted, step));
  const asked = Object.keys(wanted).some((key) => key !== 'count' && key !== 'status');
  const never = asked && ran.length === 0 ? [{ what, message: `${name} did not run.` }] : [];
  return [...wrongCount, ...never, ...details];
}

function differentStatus(what: string, wanted: StepWord, all: readonly StepRecord[]): Found[] {
  const ran = all.filter(({ status }) => status !== 'skipped');
  if (wanted === 'notRun')
    return ran.map(({ path, status }) => ({ what: `steps.${path}`, expected: wanted, actual: status }));
  if (wanted === 'ran')
    return ran.length > 0 ? [] : [{ what, expected: wanted, actual: all.length > 0 ? 'skipped' : 'never reached' }];
  // In a loop some rounds may skip the step: the others are meant, unless the skipping is.
  const meant = wanted === 'skipped' || ran.length === 0 ? all : ran;
  if (meant.length === 0) return [{ what, expected: wanted, actual: 'never reached' }];
  return meant
    .filter(({ status }) => status !== wanted)
    .map(({ path, status, error }) => ({
      what: `steps.${path}`,
      expected: wanted,
      actual: status,
      ...(error ? { message: `${error.code}: ${error.message}` } : {}),
    }));
}

function differentDetails(what: string, wanted: ExpectedStep, step: StepRecord): Found[] {
  const { port, attempts, error, input, output, outputIncludes } = wanted;
  const one = (field: string, expected: Json | undefined, actual: Json): Found[] =>
    expected === undefined || expected === actual ? [] : [{ what: `${what}.${field}`, expected, actual }];
  const values = (field: string, expected: Json | undefined, actual: Json, how: 'whole' | 'parts'): Found[] =>
    expected === undefined
      ? []
      : mismatches(expected, actual, how).map(({ at, ...rest }) => ({ what: `${what}.${field}${at}`, ...rest }));
  return [
    ...one('port', port, step.port ?? null),
    ...one('attempts', attempts, step.attempts),
    ...one('error', error, step.error?.code ?? null),
    ...values('input', input, step.input ?? null, 'parts'),
    ...values('output', output, step.output ?? null, 'whole'),
    ...values('output', outputIncludes, step.output ?? null, 'parts'),
  ];
}
