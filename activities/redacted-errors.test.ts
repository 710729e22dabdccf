import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redactorOf } from '../credentials/redact.ts';
import { NodeError } from '../integrations/error.ts';
import { request } from '../integrations/http/request.ts';
import { failure, fakeContext, runNode } from '../integrations/testing/run-node.ts';
import { toFailure } from './failure.ts';

const SECRET = 'sk_live_9aZ4kQ2mW7xB';
const connection = { name: 'shop', type: 'http-bearer', data: { token: SECRET }, hosts: ['127.0.0.1'] };
const redactor = redactorOf(connection, ['token']);
const meta = { attempt: 1, startedAt: '', endedAt: '' };
const shownOf = (error: NodeError): string => {
  const failed = toFailure(error, {}, meta, redactor) as Error & { details: unknown };
  return JSON.stringify([failed.message, failed.details]);
};

/** What an author sees of an answer that repeats the secret after some other characters. */
let padding = 0;
const server = createServer((incoming, answer) => {
  answer.writeHead(500, { 'content-type': 'text/plain' });
  answer.end(`${'-'.repeat(padding)}${incoming.headers.authorization} and so on${'.'.repeat(9_000)}`);
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => void server.close());

describe('an error of a node', () => {
  it('shows no part of a secret, wherever the text of a service is cut', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const excerpt = (text: string, length: number) => redactor.head(text, length);
    const ctx = fakeContext({ connection, excerpt });
    for (padding = 1_960; padding <= 2_000; padding++) {
      const error = await failure(runNode(request, ctx, { url }));
      expect(shownOf(error), `after ${padding} characters`).not.toContain(SECRET.slice(0, 4));
      expect(error.details).toMatchObject({ status: 500 });
    }
  });

  it.each([1_980, 1_990, 1_999, 8_180])('shows no part of a secret in a message or details cut at %i', (length) => {
    const text = `${'x'.repeat(length)}${SECRET}${'y'.repeat(9_000)}`;
    expect(shownOf(new NodeError('a.b', text, { details: { text } }))).not.toContain(SECRET.slice(0, 4));
  });

  it('answers no question about a part of a secret', () => {
    const seen = (guess: string) => shownOf(new NodeError('http.404', `no page ${guess}`, { details: { guess } }));
    for (let length = 6; length < SECRET.length; length++) {
      for (const end of [SECRET[length], '!', '…'])
        expect(seen(SECRET.slice(0, length - 1) + end)).toContain(SECRET.slice(0, length - 1) + end);
    }
    expect(seen(SECRET)).not.toContain(SECRET);
  });
});
