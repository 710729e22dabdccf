import { valuesAt } from './answer.ts';

/** How a provider writes a wait. `duration`: `1s`, `6m0s`, `20ms`. Epochs: when the wait is over. */
export type WaitForm = 'seconds' | 'milliseconds' | 'duration' | 'date' | 'epochSeconds' | 'epochMilliseconds';

/** Where a provider says how long to wait, beyond `Retry-After`. */
export interface WaitHints {
  /** By header, in lower case. */
  readonly headers?: Readonly<Record<string, WaitForm>>;
  /** By path in the body: `parameters.retry_after`, `error.details.[].retryDelay`. */
  readonly body?: Readonly<Record<string, WaitForm>>;
}

/** Longest wait a server may ask for, in milliseconds. */
const LONGEST = 86_400_000;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * How long a server asks to wait, in milliseconds, or undefined if it does not say: `retry-after-ms`, `Retry-After` in
 * seconds or as a date (RFC 9110, 10.2.3), then what the provider says in its own fields of the body, then in its own
 * headers. Of several such headers the longest wait counts, because one of them may be about another limit.
 *
 * Moments are compared with the `Date` of the answer, because the clocks of two machines differ.
 */
export function retryAfterMs(
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body?: unknown },
  hints: WaitHints = {},
  now = Date.now(),
): number | undefined {
  const sent = Date.parse(headers.date ?? '');
  const clock = Number.isNaN(sent) ? now : sent;
  const read = (value: unknown, form: WaitForm): number[] => {
    const ms = millisecondsOf(value, form, clock);
    return ms === undefined ? [] : [ms];
  };
  const groups = [
    read(headers['retry-after-ms'], 'milliseconds'),
    read(headers['retry-after'], 'seconds'),
    read(headers['retry-after'], 'date'),
    Object.entries(hints.body ?? {}).flatMap(([path, form]) => valuesAt(body, path).flatMap((at) => read(at, form))),
    Object.entries(hints.headers ?? {}).flatMap(([name, form]) => read(headers[name], form)),
  ];
  const found = groups.find((group) => group.length > 0);
  return found && Math.min(Math.max(0, ...found), LONGEST);
}

function millisecondsOf(value: unknown, form: WaitForm, clock: number): number | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  // A moment has a time of day. The parser of dates also takes "-1" for one.
  if (form === 'date') return finite(text.includes(':') ? Date.parse(text) - clock : Number.NaN);
  if (form === 'duration') return durationOf(text);
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  switch (form) {
    case 'seconds':
      return finite(Math.ceil(number * 1_000));
    case 'milliseconds':
      return finite(Math.ceil(number));
    case 'epochSeconds':
      return finite(Math.ceil(number * 1_000) - clock);
    case 'epochMilliseconds':
      return finite(Math.ceil(number) - clock);
  }
}

/** `6m0s`, `1.5s`, `20ms`; a bare number is seconds. */
function durationOf(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return finite(Math.ceil(Number(text) * 1_000));
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g);
  return finite(Math.ceil([...parts].reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0)));
}

const finite = (ms: number): number | undefined => (Number.isFinite(ms) ? ms : undefined);
