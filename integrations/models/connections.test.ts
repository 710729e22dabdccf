import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startFakeModels } from '../ai/testing/fake-models.ts';
import { findConnectionType } from '../index.ts';
import { createNetwork } from '../network/network.ts';

const servers = await startFakeModels();
const network = createNetwork({ allow: ['127.0.0.0/8'] });
afterAll(() => Promise.all([network.close(), ...Object.values(servers).map(({ provider }) => provider.close())]));

describe.each(Object.entries(servers))('a connection: %s', (_, { provider, connection }) => {
  beforeEach(() => provider.reset());
  const type = findConnectionType(connection.type)!;
  const test = (more: object) => {
    const data = type.fields.parse({ ...connection.data, ...more });
    return type.test!({ network, signal: AbortSignal.timeout(5_000), hosts: [] }, data as never);
  };

  it('is fine with a valid key, and says what is wrong without showing it', async () => {
    expect(await test({})).toEqual({ ok: true });
    const refused = await test({ apiKey: 'wrong-key-987654' });
    expect(refused).toMatchObject({ ok: false });
    expect(JSON.stringify(refused)).not.toContain('987654');
    expect(provider.requests).toHaveLength(2);
    expect(provider.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('is bound to the host of its address', () => {
    expect(type.allowedHosts(type.fields.parse(connection.data) as never)).toEqual(['127.0.0.1']);
    expect(type.fields.safeParse({ ...connection.data, baseUrl: 'file:///etc' }).success).toBe(false);
    expect(type.fields.safeParse({ ...connection.data, apiKey: 'a b\n' }).success).toBe(false);
  });
});
