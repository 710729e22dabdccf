import { setTimeout } from 'node:timers/promises';
import type { FakeClock } from './clock.ts';
import { encoded, type Received, type Reply } from './message.ts';

/** One request, when a fault takes it. */
export interface Turn {
  /** Does what the route does, with its effect, and returns what it would answer. */
  readonly commit: () => Promise<Reply>;
  /** Goes on as if there were no fault. */
  readonly pass: () => Promise<void>;
  readonly send: (reply: Reply) => void;
  /** Sends the beginning of a reply, and breaks the connection. */
  readonly cut: (reply: Reply, bytes: number) => void;
  /** Sends the head of a reply, and then pieces for as long as there are some and somebody reads them. */
  readonly stream: (reply: Omit<Reply, 'body'>, pieces: AsyncIterable<string>) => Promise<void>;
  /** Breaks the connection. */
  readonly drop: () => void;
  readonly clock: FakeClock;
}

/** What goes wrong with one request. */
export type Fault = (turn: Turn, request: Received) => Promise<void> | void;

/** Refuses before anything is done: 401, 403, 429, 503. */
export const refuse =
  (
    status: number,
    body: unknown = { error: { message: `Refused with ${status}.` } },
    headers: Reply['headers'] = {},
  ): Fault =>
  ({ send }) =>
    send({ status, body, headers });

/** Does the work, and answers with an error all the same. */
export const failAfter =
  (status: number, body: unknown = { error: { message: 'Internal error.' } }): Fault =>
  async ({ commit, send }) => {
    await commit();
    send({ status, body });
  };

/** Breaks the connection before anything is done. */
export const dropRequest: Fault = ({ drop }) => drop();

/** Does the work, and breaks the connection before it answers: the fault that decides what a node may promise. */
export const dropAnswer: Fault = async ({ commit, drop }) => {
  await commit();
  drop();
};

/** Does the work, and breaks the connection in the middle of the body of the answer. */
export const cutBody: Fault = async ({ commit, cut }) => {
  const reply = await commit();
  cut(reply, Math.floor(encoded(reply).bytes.length / 2));
};

/** Answers after some milliseconds. */
export const slow =
  (ms: number): Fault =>
  async ({ commit, send }) => {
    await setTimeout(ms);
    send(await commit());
  };

/** Never answers: a node must end with its step. */
export const hang: Fault = () => undefined;

/** Something happens just before the request: an item moves between two pages, a second object gets the same name. */
export const meanwhile =
  (change: () => void): Fault =>
  async ({ commit, send }) => {
    change();
    send(await commit());
  };

/**
 * Each way in which a provider says how long to wait, about `seconds`, by name. Moments are by the clock of the provider,
 * which is also in the `Date` of its answers.
 */
export function rateLimits(
  seconds: number,
  body: unknown = { error: { message: 'Too many requests.' } },
): Record<string, Fault> {
  const limited =
    (headers: (clock: FakeClock) => Record<string, string>): Fault =>
    ({ send, clock }) =>
      send({ status: 429, body, headers: headers(clock) });
  return {
    'Retry-After in seconds': limited(() => ({ 'retry-after': String(seconds) })),
    'Retry-After as a date': limited((clock) => ({ 'retry-after': clock.httpDate(seconds * 1_000) })),
    'Retry-After with a fraction': limited(() => ({ 'retry-after': (seconds - 0.5).toFixed(1) })),
    'retry-after-ms': limited(() => ({
      'retry-after-ms': String(seconds * 1_000),
      'retry-after': String(seconds + 60),
    })),
    'no header at all': limited(() => ({})),
  };
}
