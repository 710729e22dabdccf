import { describe, expect, it } from 'vitest';
import { cli } from './testing/harness.ts';

const crm = { name: 'crm', type: 'oauth2', hosts: ['crm.example'], updatedAt: '2026-11-21', connectedAt: null };
const visit = {
  url: 'http://127.0.0.1:4400/api/oauth/begin/ticket',
  expiresAt: '2999-01-01T00:00:00.000Z',
  redirectUri: 'http://127.0.0.1:4400/api/oauth/callback/a.example',
};

describe('blok connection', () => {
  it('stores a connection without printing its fields', async () => {
    const result = await cli(
      ['connection', 'set', 'crm', '--type', 'http', '--data', '{"token":"s3cret"}', '--host', 'crm.example'],
      {
        answers: { 'PUT /api/connections/crm': [{ body: { name: 'crm', type: 'http', hosts: ['crm.example'] } }] },
      },
    );
    expect(result.out).toBe('✔ crm (http)');
    expect(result.seen[0]?.body).toEqual({ type: 'http', data: { token: 's3cret' }, hosts: ['crm.example'] });
  });

  it.each([
    ['50/1s', { limit: 50, per: '1s' }],
    ['1000/1h30m+20', { limit: 1_000, per: '1h30m', burst: 20 }],
  ])('stores the rate limit %s', async (text, rateLimit) => {
    const argv = ['connection', 'set', 'crm', '--type', 'http', '--data', '{}', '--rate-limit', text];
    const result = await cli(argv, {
      answers: { 'PUT /api/connections/crm': [{ body: { name: 'crm', type: 'http' } }] },
    });
    expect(result.seen[0]?.body).toEqual({ type: 'http', data: {}, rateLimit });
  });

  it('refuses a rate limit that it cannot read, before anything is sent', async () => {
    const argv = ['connection', 'set', 'crm', '--type', 'http', '--data', '{}', '--rate-limit', 'fast'];
    expect(await cli(argv)).toMatchObject({ code: 2, seen: [], err: expect.stringContaining('50/1s') });
  });

  it('lists connections, and says who must do what where one does not work', async () => {
    const shown = { type: 'http', hosts: ['crm.example'], updatedAt: '2026-11-21' };
    const items = [
      { ...shown, name: 'crm', state: 'ok', action: null, rateLimit: { limit: 50, per: '1s' } },
      { ...shown, name: 'erp', state: 'reconnect', action: 'Its access was revoked. Connect it.', account: 'ada' },
    ];
    const result = await cli(['connection', 'list'], { answers: { 'GET /api/connections': [{ body: { items } }] } });
    expect(result.out.split('\n').map((line) => line.trimEnd())).toEqual([
      'name  type  state      hosts        rate   account  last used  updated',
      'crm   http  ok         crm.example  50/1s                      2026-11-21',
      'erp   http  reconnect  crm.example         ada                 2026-11-21',
    ]);
    expect(result.err).toBe('erp: Its access was revoked. Connect it.');
  });

  it('connect prints the address to open, and waits until the connection was let in', async () => {
    const result = await cli(['connection', 'connect', 'crm'], {
      answers: {
        'POST /api/connections/crm/connect': [{ body: visit }],
        'GET /api/connections/crm': [
          { body: { ...crm, state: 'reconnect' } },
          { body: { ...crm, state: 'reconnect' } },
          { body: { ...crm, state: 'ok', connectedAt: '2026-11-22', account: 'ada@acme.example' } },
        ],
      },
    });
    expect(result.out.split('\n')).toEqual([visit.url, '✔ crm is connected as ada@acme.example']);
    expect(result.err).toContain(visit.redirectUri);
  });

  it('connect does not wait if that was asked for', async () => {
    const answers = {
      'POST /api/connections/crm/connect': [{ body: visit }],
      'GET /api/connections/crm': [{ body: { ...crm, state: 'reconnect' } }],
    };
    expect(await cli(['connection', 'connect', 'crm', '--no-wait'], { answers })).toMatchObject({
      code: 0,
      out: visit.url,
    });
    const json = await cli(['connection', 'connect', 'crm', '--no-wait', '--json'], { answers });
    expect(JSON.parse(json.out)).toEqual(visit);
  });

  it('reconnect needs nobody if the service gives another token', async () => {
    const result = await cli(['connection', 'reconnect', 'crm'], {
      answers: {
        'GET /api/connections/crm': [{ body: { ...crm, state: 'ok' } }],
        'POST /api/connections/crm/reconnect': [{ body: { connected: true, connection: { ...crm, state: 'ok' } } }],
      },
    });
    expect(result).toMatchObject({ code: 0, out: '✔ crm is connected' });
  });

  it('test says as whom the connection acts, or what is wrong', async () => {
    const tested = (body: object) =>
      cli(['connection', 'test', 'crm'], { answers: { 'POST /api/connections/crm/test': [{ body }] } });
    expect(await tested({ ok: true, account: 'ada', scopes: ['a', 'b'] })).toMatchObject({
      code: 0,
      out: '✔ crm works as ada (a, b)',
    });
    expect(await tested({ ok: false, message: 'crm.example answered 401.' })).toMatchObject({
      code: 1,
      err: '✖ crm: crm.example answered 401.',
    });
  });

  it('uses lists where the connection is used', async () => {
    const items = [
      { workflow: 'orders', version: 2, kind: 'node', id: 'book', uses: 'http.request', path: '/nodes/book' },
    ];
    const result = await cli(['connection', 'uses', 'crm'], {
      answers: { 'GET /api/connections/crm/uses': [{ body: { items, complete: true } }] },
    });
    expect(result.out.split('\n')).toEqual([
      'workflow  version  kind  id    uses',
      'orders    2        node  book  http.request',
    ]);
  });

  it('rotate and revoke say what they did, and print no secret', async () => {
    const rotated = await cli(['connection', 'rotate', 'crm', '--data', '{"clientSecret":"s3cret"}'], {
      answers: { 'POST /api/connections/crm/rotate': [{ body: { ...crm, state: 'ok' } }] },
    });
    expect(rotated.out).toBe('✔ crm (oauth2) has its new secrets');
    expect(rotated.seen[0]?.body).toEqual({ data: { clientSecret: 's3cret' } });
    const revoked = await cli(['connection', 'revoke', 'crm'], {
      answers: {
        'POST /api/connections/crm/revoke': [{ body: { revoked: true, atService: false, message: 'No address.' } }],
      },
    });
    expect(revoked).toMatchObject({ code: 0, out: '✔ crm has no access any more' });
    expect(revoked.err).toContain('No address.');
  });
});
