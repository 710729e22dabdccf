import { describe, expect, it } from 'vitest';
import { cli } from './testing/harness.ts';

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

  it('lists connections', async () => {
    const items = [
      {
        name: 'crm',
        type: 'http',
        hosts: ['crm.example'],
        rateLimit: { limit: 50, per: '1s' },
        updatedAt: '2026-11-21',
      },
    ];
    const result = await cli(['connection', 'list'], { answers: { 'GET /api/connections': [{ body: { items } }] } });
    expect(result.out.split('\n')).toEqual([
      'name  type  hosts        rate   updated',
      'crm   http  crm.example  50/1s  2026-11-21',
    ]);
  });
});
