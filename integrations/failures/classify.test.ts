import { describe, expect, it } from 'vitest';
import { NodeError } from '../error.ts';
import { calling, classify } from './classify.ts';
import type { FailureTable } from './failure-table.ts';

const table: FailureTable = {
  provider: 'acme',
  codeAt: ['error.code', 'code'],
  messageAt: ['error.message'],
  retryable: ['409 lock_timeout', 'busy', '403 rateLimitExceeded'],
  final: ['429 daily_limit'],
  unknown: ['503 maybe'],
  waits: { headers: { 'x-reset': 'seconds' } },
};
const ctx = { signal: new AbortController().signal, excerpt: (text: string, length: number) => text.slice(0, length) };
const write = { what: 'POST /things', writes: true };
const read = { what: 'GET /things', writes: false };
const judge = (thrown: unknown, call = write) => classify(ctx, table, call, thrown);
/** As most libraries throw an answer. */
const answer = (status: number, code?: string, headers = {}) =>
  Object.assign(new Error('no'), { status, headers, body: { error: { code, message: `It is ${code}.` } } });
const broken = (code: string, message = code) => Object.assign(new Error(message), { code });

describe('an answer', () => {
  it.each([
    [429, undefined, { retryable: true, unknown: false }],
    [429, 'insufficient_quota', { retryable: false, unknown: false }],
    [429, 'daily_limit', { retryable: false, unknown: false }],
    [403, undefined, { retryable: false, unknown: false }],
    [403, 'rateLimitExceeded', { retryable: true, unknown: false }],
    [409, undefined, { retryable: false, unknown: false }],
    [409, 'lock_timeout', { retryable: true, unknown: false }],
    [400, 'busy', { retryable: true, unknown: false }],
    [200, 'channel_not_found', { retryable: false, unknown: false }],
    [503, undefined, { retryable: true, unknown: false }],
    [503, 'maybe', { retryable: false, unknown: true }],
    [500, undefined, { retryable: false, unknown: true }],
    [504, undefined, { retryable: false, unknown: true }],
  ])('%i %s to a write', (status, code, expected) => {
    expect(judge(answer(status, code))).toMatchObject({ ...expected, code: `acme.${code ?? status}` });
  });

  it('of unknown outcome is tried again if the call changes nothing, or may be repeated', () => {
    expect(judge(answer(502), read)).toMatchObject({ retryable: true, unknown: false });
    expect(judge(answer(502), { ...write, mayRepeat: true } as never)).toMatchObject({
      retryable: true,
      unknown: true,
    });
  });

  it('says how long to wait, and what the provider said', () => {
    const error = judge(answer(429, 'slow', { 'X-Reset': '3', 'X-Request-Id': 'req-1' }));
    expect(error).toMatchObject({ retryAfterMs: 3_000, message: 'POST /things: It is slow.' });
    expect(error.details).toEqual({ status: 429, code: 'slow', request: 'req-1' });
    expect(judge(answer(400, 'x', { 'retry-after': '3' })).retryAfterMs).toBeUndefined();
  });

  it.each<[string, object]>([
    [
      'axios, gaxios',
      { response: { status: 429, headers: { 'retry-after': '2' }, data: { error: { code: 'slow' } } } },
    ],
    ['AWS', { $metadata: { httpStatusCode: 429 }, $response: { headers: { 'retry-after': '2' } }, code: 'slow' }],
    ['Stripe', { statusCode: 429, headers: { 'retry-after': '2' }, raw: { code: 'slow' } }],
    ['fetch', { status: 429, headers: new Headers({ 'Retry-After': '2' }), error: { code: 'slow' } }],
    ['Notion', { status: 429, headers: { 'retry-after': '2' }, body: '{"code":"slow"}' }],
  ])('is found in errors of %s', (_, fields) => {
    expect(judge(Object.assign(new Error('no'), fields))).toMatchObject({ retryable: true, retryAfterMs: 2_000 });
  });
});

describe('no answer', () => {
  it.each<[string, unknown]>([
    ['a TypeError of fetch', new TypeError('fetch failed', { cause: broken('ECONNRESET') })],
    [
      'a status 500 that Octokit made up',
      Object.assign(new Error('x'), { status: 500, cause: new TypeError('fetch failed') }),
    ],
    ['a status -1 of Graph', Object.assign(new Error('x'), { statusCode: -1, cause: broken('EPIPE') })],
    ['an error inside an error of Slack', Object.assign(new Error('x'), { original: broken('ECONNRESET') })],
    ['a connection error of an SDK', Object.assign(new Error('Connection error.'), { name: 'APIConnectionError' })],
    [
      'a body that broke off',
      Object.assign(new TypeError('terminated'), { status: 200, headers: {}, cause: broken('UND_ERR_SOCKET') }),
    ],
    ['one of several addresses', new AggregateError([broken('ECONNRESET')], '')],
    ['an answer in time', Object.assign(new Error('late'), { name: 'TimeoutError' })],
  ])('in the shape of %s: the outcome of a write is unknown', (_, thrown) => {
    expect(judge(thrown)).toMatchObject({
      retryable: false,
      unknown: true,
      code: expect.stringMatching(/^acme\.(network|timeout)$/),
    });
    expect(judge(thrown, read)).toMatchObject({ retryable: true, unknown: false });
  });

  it('because nothing was sent: a write may be tried again', () => {
    const refused = new TypeError('fetch failed', { cause: new AggregateError([broken('ECONNREFUSED')]) });
    expect(judge(refused)).toMatchObject({ retryable: true, unknown: false });
  });

  it('because the guard refused: says what the guard said', () => {
    const guard = new NodeError('network.forbidden', 'private');
    expect(judge(new Error('Connection error.', { cause: new TypeError('fetch failed', { cause: guard }) }))).toBe(
      guard,
    );
  });

  it('is not seen in the body of an answer, nor in an error that is its own cause', () => {
    const body = { error: { code: 'slow', message: 'fetch failed' } };
    expect(judge(Object.assign(new Error('no'), { status: 503, headers: {}, body }))).toMatchObject({ unknown: false });
    const loop = new Error('odd');
    loop.cause = loop;
    expect(judge(loop)).toMatchObject({ code: 'acme.failed', unknown: true });
    for (const odd of [null, undefined, 'text', 7]) expect(judge(odd)).toMatchObject({ code: 'acme.failed' });
  });
});

it('says why the step has ended, if it has', async () => {
  const ended = AbortSignal.abort(new Error('cancelled'));
  const work = () => Promise.reject(new TypeError('fetch failed'));
  await expect(calling({ ...ctx, signal: ended }, table, write, work)).rejects.toThrow('cancelled');
});
