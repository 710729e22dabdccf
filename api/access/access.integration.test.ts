import { describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { routes } from '../routes.ts';
import { graphOf, useApi } from '../testing/api.ts';
import { ROLES, type Role } from './roles.ts';

const api = useApi();
const as = (role: Role) => createApp({ ...api.ctx(), principalOf: () => ({ id: 'ada', role }) });

describe('the access of routes', () => {
  it('is declared by every route: a permission, or the reason why there is none', () => {
    for (const { id, access } of routes) {
      if ('public' in access) expect(access.public, id).toMatch(/^[A-Z].{20,}\.$/);
      else expect(ROLES.owner.has(access.permission), id).toBe(true);
    }
  });

  it('is public for probes, the description of the API, and addresses that hold a secret only', () => {
    const open = routes.filter(({ access }) => 'public' in access).map(({ path }) => path);
    expect([...new Set(open)].sort()).toEqual([
      '/api/health/live',
      '/api/health/ready',
      '/api/oauth/begin/:ticket',
      '/api/oauth/callback/:server',
      '/api/openapi.json',
      '/api/resume/:token',
      '/forms/:token',
      '/forms/:token/results/:view',
    ]);
  });

  it('needs no more than reading for GET, and never only reading for what changes something', () => {
    const reading = [
      'workflow:read',
      'run:list',
      'run:read-data',
      'catalogue:read',
      'connection:list',
      'variable:read',
      'prompt:read',
      'usage:read',
      'system:read',
    ];
    // They compute an answer from what they are sent, and change nothing.
    const computing = ['/api/validate', '/api/workflows/:name/merge'];
    for (const { id, method, path, access } of routes) {
      if ('public' in access || computing.includes(path)) continue;
      expect([id, reading.includes(access.permission)]).toEqual([id, method === 'get']);
    }
  });
});

describe('a principal without the permission', () => {
  it.each([
    ['viewer', 'PUT', '/api/workflows/w', 'workflow:publish'],
    ['viewer', 'GET', '/api/connections', 'connection:list'],
    ['viewer', 'POST', '/api/events', 'event:send'],
    ['operator', 'PUT', '/api/vars/v', 'variable:write'],
    ['operator', 'POST', '/api/runs', 'run:start-draft'],
    ['operator', 'DELETE', '/api/connections/c', 'connection:write'],
    ['operator', 'PUT', '/api/prompts/p', 'prompt:write'],
    ['viewer', 'GET', '/api/usage', 'usage:read'],
    ['editor', 'PUT', '/api/budgets/b', 'budget:write'],
    ['editor', 'PUT', '/api/wallets/w/policy', 'budget:write'],
    ['editor', 'POST', '/api/wallets/w/start', 'budget:write'],
    ['editor', 'POST', `/api/wallets/w/payments/${'a'.repeat(64)}/decide`, 'budget:write'],
    ['editor', 'PATCH', '/api/workspace', 'workspace:write'],
  ] as const)('%s: %s %s is refused before the body is read', async (role, method, path, permission) => {
    const init = method === 'GET' ? { method } : { method, body: 'no JSON', headers: { 'content-type': 'text/x' } };
    const answer = await as(role).request(path, init);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'access.denied', detail: expect.stringContaining(permission) });
  });

  it('is served where the role suffices', async () => {
    expect((await as('viewer').request('/api/workflows')).status).toBe(200);
    expect((await as('operator').request('/api/connections')).status).toBe(200);
    expect((await as('editor').request('/api/vars/v', { method: 'PUT' })).status).toBe(400);
  });
});

describe('the address of a webhook', () => {
  it('is shown to who may write workflows, and to nobody else: whoever has it can fire the trigger', async () => {
    await api.put('/api/workflows/hooked', {
      graph: graphOf('hooked', { triggers: { in: { uses: 'webhook', with: { verify: 'none' } } } }),
    });
    const show = async (role: Role, path: string, init?: RequestInit) =>
      (await (await as(role).request(path, init)).text()).includes('/hooks/');
    const switching = {
      method: 'PUT',
      body: JSON.stringify({ active: true }),
      headers: { 'content-type': 'application/json' },
    };
    for (const [role, may] of [
      ['viewer', false],
      ['operator', false],
      ['editor', true],
      ['owner', true],
    ] as const) {
      expect([role, await show(role, '/api/triggers')]).toEqual([role, may]);
      expect([role, await show(role, '/api/workflows/hooked/triggers')]).toEqual([role, may]);
      if (role === 'viewer') continue;
      expect([role, await show(role, '/api/workflows/hooked/triggers/in/active', switching)]).toEqual([role, may]);
      expect([role, await show(role, '/api/workflows/hooked/active', switching)]).toEqual([role, may]);
    }
  });
});
