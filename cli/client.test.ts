import { afterEach, describe, expect, it } from 'vitest';
import { type Client, createClient } from './client.ts';
import { createSend } from './request.ts';
import { type Answers, startFakeApi } from './testing/fake-api.ts';
import { aRun } from './testing/harness.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const api of open.splice(0)) await api.close();
});

async function api(answers: Answers) {
  const fake = await startFakeApi(answers);
  open.push(fake);
  return { ...fake, client: createClient({ baseUrl: fake.url }) };
}

describe('client', () => {
  it('starts a run of a graph from a file with its key', async () => {
    const { client, seen } = await api({ 'POST /api/runs': [{ status: 202, body: aRun() }] });
    expect((await client.startGraph({ graph: 'blok: 1', input: 5 }, 'k1', 1)).id).toBe('r1');
    expect(seen).toMatchObject([
      {
        method: 'POST',
        path: '/api/runs',
        query: { wait: '1' },
        headers: { 'idempotency-key': 'k1' },
        body: { graph: 'blok: 1', input: 5 },
      },
    ]);
  });

  it('sends a start again with the same key when the connection breaks', async () => {
    const { client, seen } = await api({ 'POST /api/workflows/a/runs': [{ hangUp: true }, { body: aRun() }] });
    expect((await client.start('a', {}, 'k1', 0)).id).toBe('r1');
    expect(seen.map((call) => call.headers['idempotency-key'])).toEqual(['k1', 'k1']);
  });

  it('gives up a start whose connection breaks three times: exit code 3', async () => {
    const { client, seen } = await api({ 'POST /api/runs': [{ hangUp: true }] });
    await expect(client.startGraph({ graph: '' }, 'k1', 0)).rejects.toMatchObject({ exitCode: 3, code: 'server.lost' });
    expect(seen).toHaveLength(3);
  });

  it.each([
    ['an event', '/api/events', (client: Client) => client.event({ name: 'paid' }), { id: 'e1', delivered: 1 }],
    ['what it tells a run', '/api/runs/r1/tell', (client: Client) => client.tell('r1', { name: 'paid' }), {}],
  ])('sends %s again with the same key when the connection breaks', async (_what, path, call, answer) => {
    const { client, seen } = await api({ [`POST ${path}`]: [{ hangUp: true }, { body: answer }] });
    expect(await call(client)).toEqual(answer);
    const keys = seen.map((sent) => sent.headers['idempotency-key']);
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0]]);
  });

  it('escapes names and steps in paths', async () => {
    const { client, seen } = await api({});
    await client.approve('r/1', 'each[3].ok', { decision: 'approved', by: 'ada' }).catch(() => undefined);
    expect(seen[0]?.path).toBe('/api/runs/r%2F1/approvals/each%5B3%5D.ok');
  });

  it('treats a refusal as bad input, with its code and problems', async () => {
    const problems = [{ code: 'not-upstream', path: '/nodes/a', message: 'no' }];
    const { client } = await api({
      'PUT /api/workflows/a': [
        { status: 422, body: { code: 'graph.invalid', detail: 'The graph has a problem.', problems } },
      ],
    });
    await expect(client.publish('a', 'blok: 1')).rejects.toMatchObject({
      exitCode: 2,
      code: 'graph.invalid',
      message: 'The graph has a problem.',
      problems,
    });
  });

  it('treats a server that cannot work like a missing one: exit code 3', async () => {
    const { client } = await api({
      'GET /api/runs/r1': [{ status: 503, body: { code: 'temporal.down', title: 'Temporal does not answer' } }],
    });
    await expect(client.run('r1')).rejects.toMatchObject({ exitCode: 3, message: 'Temporal does not answer' });
  });

  it('says so when something else answers on that port', async () => {
    const { client } = await api({ 'GET /api/connections': [{ body: '<html>hello</html>' }] });
    await expect(client.connections()).rejects.toMatchObject({ exitCode: 3, code: 'server.notBlok' });
  });

  it('says how to start a missing server', async () => {
    const gone = await startFakeApi({});
    await gone.close();
    await expect(createClient({ baseUrl: gone.url }).run('r1')).rejects.toMatchObject({
      exitCode: 3,
      code: 'server.absent',
      message: `No Blok server at ${gone.url}.`,
      hint: 'Start it with `npm start`, or set BLOK_API to the address of one that runs.',
    });
  });
});

describe('the types of a call', () => {
  it('are those of the routes: what no route takes does not compile', () => {
    const send = createSend('http://127.0.0.1:1', fetch);
    // Never called: the compiler is the test (`npm run check`).
    const wrong = () => [
      // @ts-expect-error No such route.
      send('GET /api/runz'),
      // @ts-expect-error The route takes another method.
      send('DELETE /api/runs'),
      // @ts-expect-error A parameter of the path is missing.
      send('GET /api/runs/:id', {}),
      // @ts-expect-error The query has no such parameter.
      send('GET /api/runs', { query: { colour: 'red' } }),
      // @ts-expect-error The body lacks what the route requires.
      send('PUT /api/connections/:name', { params: { name: 'x' }, body: { type: 'http' } }),
      // @ts-expect-error The answer has no such field.
      send('GET /api/system').then(({ body }) => body.colour),
    ];
    expect(wrong).toBeTypeOf('function');
  });
});
