import { describe, expect, it } from 'vitest';
import { KEEPS_ALL, redactorOf } from '../credentials/redact.ts';
import { NodeError } from '../integrations/error.ts';
import { classify } from './failure.ts';

const coded = (code: string, message: string = code) => Object.assign(new Error(message), { code });
const failed = (cause: Error) => new TypeError('fetch failed', { cause });

describe('what a node throws without classifying it', () => {
  it('is a broken connection if it holds one: of unknown outcome if something was sent', () => {
    expect(classify(failed(coded('ECONNREFUSED')), KEEPS_ALL)).toMatchObject({
      code: 'network.broken',
      retryable: true,
      unknown: false,
    });
    expect(classify(failed(coded('UND_ERR_SOCKET')), KEEPS_ALL)).toMatchObject({
      code: 'network.broken',
      unknown: true,
    });
    expect(classify(failed(coded('UND_ERR_HEADERS_TIMEOUT')), KEEPS_ALL)).toMatchObject({
      code: 'network.timeout',
      unknown: true,
    });
  });

  it('is the refusal of the guard if a library wrapped that', () => {
    const guard = new NodeError('network.forbidden', 'private');
    expect(classify(new Error('Connection error.', { cause: failed(guard) }), KEEPS_ALL)).toMatchObject({
      code: 'network.forbidden',
      retryable: false,
      unknown: false,
    });
  });

  it('shows no secret', () => {
    const connection = { name: 'c', type: 't', data: { token: 'a-long-secret' }, hosts: [] };
    const thrown = failed(coded('ECONNRESET', 'to https://api.example/a-long-secret'));
    expect(classify(thrown, redactorOf(connection, ['token'])).message).toBe(
      'The connection to the service broke: to https://api.example/[secret]',
    );
  });

  it('is a fault of the node if it is anything else', () => {
    expect(classify(new TypeError('x is not a function'), KEEPS_ALL)).toMatchObject({ code: 'node.fault' });
  });
});
