import { formatDuration, parseDuration } from '../duration.ts';
import type { Json } from '../json.ts';
import { MAX_DIFFERENCES } from '../limits.ts';
import { escapeSegment } from '../pointer.ts';
import { differentEffects } from './compare-effects.ts';
import { differentSteps } from './compare-steps.ts';
import { type How, mismatches } from './match.ts';
import type { Difference, Expectation, Played } from './types.ts';

/** What is not as a case expects, the most telling first; none if the case passes. */
export function differences(expect: Expectation, played: Played): Difference[] {
  return [
    ...unanswered(played),
    ...differentStatus(expect, played),
    ...differentError(expect, played),
    ...differentValue('output', expect.output, played.output, 'whole'),
    ...differentValue('outputIncludes', expect.outputIncludes, played.output, 'parts'),
    ...differentSteps(expect.steps ?? {}, played),
    ...differentEffects(expect, played),
    ...differentValue('respond', expect.respond, played.response, 'parts'),
    ...differentWaits(expect, played),
    ...differentTime(expect, played),
  ].slice(0, MAX_DIFFERENCES);
}

/** An effect without an answer always fails the case, even if the graph goes on after it. */
function unanswered({ unanswered: all }: Played): Difference[] {
  return all.map(({ path, uses, with: parameters }) => ({
    what: `pins.${path}`,
    path: '',
    actual: parameters,
    message: `Step ${path} (${uses}) has no answer, and a test calls nothing. Add to \`pins\`: { ${keyText(path)}: <its output> }, or to \`failures\`: { ${keyText(path)}: <code> }. It asked with these parameters:`,
  }));
}

const keyText = (path: string): string => (/^[A-Za-z0-9_]+$/.test(path) ? path : JSON.stringify(path));

function differentStatus({ status, error }: Expectation, played: Played): Difference[] {
  const expected = status ?? (error === undefined ? 'succeeded' : undefined);
  if (expected === undefined || expected === played.status) return [];
  const cut =
    'The run was cut short: it takes more than 20,000 steps, or too much time or memory. Is there an endless loop?';
  return [
    {
      what: 'status',
      path: status === undefined ? '' : '/status',
      expected,
      actual: played.status,
      ...(played.status === 'running' ? { message: cut } : {}),
      ...(played.error === null ? {} : { message: errorText(played.error) }),
      ...(played.status === 'waiting' ? { message: `It waits at ${played.waits.join(', ')}.` } : {}),
    },
  ];
}

const errorText = ({ code, step, message }: NonNullable<Played['error']>): string =>
  `${code}${step === '' ? '' : ` at ${step}`}: ${message}`;

function differentError({ error, status }: Expectation, played: Played): Difference[] {
  if (error === undefined) return [];
  const { code, message, step } = typeof error === 'string' ? { code: error } : error;
  const { error: found } = played;
  if (found === null)
    return status === undefined
      ? [
          {
            what: 'error',
            path: '/error',
            expected: error as Json,
            message: `The run ended ${played.status}, without an error.`,
          },
        ]
      : [];
  const at = (field: string) => (typeof error === 'string' ? '/error' : `/error/${field}`);
  const different = (field: 'code' | 'step', expected: string | undefined): Difference[] =>
    expected === undefined || expected === found[field]
      ? []
      : [{ what: `error.${field}`, path: at(field), expected, actual: found[field], message: errorText(found) }];
  return [
    ...different('code', code),
    ...different('step', step),
    ...(message === undefined || found.message.includes(message)
      ? []
      : [{ what: 'error.message', path: at('message'), expected: message, actual: found.message }]),
  ];
}

/** Where a value differs from what is expected. Undefined: nothing is expected. */
function differentValue(
  field: 'output' | 'outputIncludes' | 'respond',
  expected: Json | undefined,
  actual: Json,
  how: How,
) {
  if (expected === undefined) return [];
  const name = field === 'outputIncludes' ? 'output' : field;
  return mismatches(expected, actual, how).map(
    ({ at, ...values }): Difference => ({ what: `${name}${at}`, path: `/${escapeSegment(field)}`, ...values }),
  );
}

function differentWaits({ waits }: Expectation, played: Played): Difference[] {
  if (waits === undefined) return [];
  const [expected, actual] = [[...waits].sort(), [...played.waits].sort()];
  return JSON.stringify(expected) === JSON.stringify(actual)
    ? []
    : [{ what: 'waits', path: '/waits', expected, actual }];
}

function differentTime({ lasts }: Expectation, { lasted, status }: Played): Difference[] {
  if (lasts === undefined || parseDuration(lasts) === lasted) return [];
  if (lasted === null) return [{ what: 'lasts', path: '/lasts', expected: lasts, message: `The run is ${status}.` }];
  return [{ what: 'lasts', path: '/lasts', expected: lasts, actual: formatDuration(lasted) }];
}
