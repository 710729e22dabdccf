import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { listening } from '../embedded/process/testing/listening.ts';
import { ESCAPES, limitOf, TRACES } from '../integrations/code/testing/hostile-scripts.ts';
import { fuzzInput } from '../scripts/fuzz/expressions.ts';
import { KILL_CORPUS } from '../scripts/fuzz/kill-corpus.ts';
import { randomOf } from '../scripts/fuzz/random.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { type TemporaryFolder, temporaryFolder } from '../scripts/testing/temporary-folder.ts';
import { runHere } from './testing/command-line.ts';
import { startHostileServer } from './testing/hostile-server.ts';
import { type KillableBlok, startBlok } from './testing/start-blok.ts';

/** Runs at once. */
const AT_ONCE = 10;
/** Longest silence of the API that is acceptable on a machine with other things to do. */
const SILENCE_MS = 5_000;

let blok: KillableBlok;
let server: Awaited<ReturnType<typeof startHostileServer>>;
let folder: TemporaryFolder;
/** A run that has nothing to do with the attacks, started before them. */
let bystander: string;
let servers: number[];
let pulse: ReturnType<typeof startPulse>;

const pids = () => (['Blok', 'Temporal', 'Postgres'] as const).map((name) => blok.pid(name));

async function call(method: string, path: string, body?: string | Uint8Array, type = 'application/json') {
  const response = await fetch(`${blok.api}/api${path}`, {
    method,
    headers: type === '' ? {} : { 'content-type': type },
    ...(body === undefined ? {} : { body: body as string }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers are read freely in tests
  return { status: response.status, text, body: JSON.parse(text) as any };
}

const start = (graph: unknown, input: unknown = {}, wait = 60) =>
  call('POST', `/runs?wait=${wait}`, JSON.stringify({ graph, input }));

/** A graph of one node. */
const one = (uses: string, parameters: object, more: object = {}) => ({
  blok: 1,
  name: 'hostile',
  nodes: { it: { uses, with: parameters, ...more } },
  output: '${{ nodes.it }}',
});

/** Fails unless an error is reported as people need it: a code, a sentence, no internals. */
function expectTold(text: string): void {
  expect(text).toMatch(/"code":"[a-z][\w.-]+"/i);
  expect(text).not.toMatch(/\n\s+at |node_modules|\.ts:\d+|root:x:0/);
}

/** Keeps asking whether the API is alive, and remembers its longest silence. */
function startPulse() {
  let longestMs = 0;
  let stopped = false;
  const beat = async () => {
    while (!stopped) {
      const began = Date.now();
      const { status } = await fetch(`${blok.api}/api/health/live`);
      if (status !== 200) throw new Error(`health/live: ${status}`);
      longestMs = Math.max(longestMs, Date.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const beating = beat();
  beating.catch(() => undefined);
  return {
    stop: async () => {
      stopped = true;
      await beating;
      return longestMs;
    },
  };
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

// Whatever a caller sends or a graph meets leads to a clear error, and everything else goes on.
describeWith(['temporal'], 'a Blok among enemies', () => {
  beforeAll(async () => {
    server = await startHostileServer();
    folder = temporaryFolder('hostile');
    blok = await startBlok({ TEMPORAL_CLI_PATH: sharedTemporal().cli, BLOK_ALLOW_HOSTS: '127.0.0.1,localhost' });
    const nodes = {
      beats: {
        uses: 'forEach',
        with: { items: '${{ Array.from({ length: 30 }) }}', concurrency: 1 },
        nodes: {
          pause: { uses: 'wait', with: { for: '500ms' } },
          beat: { uses: 'kv.set', needs: ['pause'], with: { key: 'beat', value: '${{ index }}' } },
        },
        output: '${{ nodes.beat.value }}',
      },
    };
    const { body } = await start(
      { blok: 1, name: 'bystander', nodes, output: '${{ nodes.beats.results.length }}' },
      {},
      0,
    );
    bystander = body.id;
    servers = pids();
    pulse = startPulse();
  }, 180_000);
  afterAll(async () => {
    await blok?.stop();
    server?.close();
    folder?.remove();
  });

  const graphs: [string, string, string][] = [
    ['is no YAML', 'blok: 1\nname: [\n', 'syntax'],
    ['is no graph', '- 1\n- 2\n', 'bad-value'],
    [
      'has the wrong shape',
      'blok: 1\nname: x\nnodes: { a: { uses: set, with: { value: 1 }, need: [] } }\n',
      'unknown-key',
    ],
    ['has a bad expression', "blok: 1\nname: x\nnodes: {}\noutput: '${{ input. }}'\n", 'expression-syntax'],
    ['asks for what is not allowed', "blok: 1\nname: x\nnodes: {}\noutput: '${{ process.env }}'\n", 'unknown-name'],
    ['has an unknown node', 'blok: 1\nname: x\nnodes: { a: { uses: nobody.knows } }\n', 'unknown-type'],
    [
      'laughs a billion times',
      `blok: 1\nname: x\nnodes: {}\nvars:\n  a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, n) => `  a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join('')}`,
      '',
    ],
    ['is endlessly deep', `blok: 1\nname: x\nnodes: {}\nvars: { a: ${'['.repeat(50_000)}${']'.repeat(50_000)} }\n`, ''],
  ];
  it.each(graphs)('refuses a graph that %s', async (_, text, code) => {
    const answer = await call('POST', '/runs', JSON.stringify({ graph: text }));
    expect(answer.status).toBe(422);
    expectTold(answer.text);
    const [problem] = answer.body.problems;
    expect(problem.message.length).toBeGreaterThan(10);
    expect(problem.line).toBeGreaterThan(0);
    if (code) expect(problem.code).toBe(code);

    const file = join(folder.path, 'graph.yaml');
    writeFileSync(file, text);
    const { code: exit, out, err } = await runHere(blok.api, ['run', file]);
    expect(exit).toBe(2);
    expect(out + err).toMatch(/graph\.yaml:\d+:\d+ \S+ \S/);
  });

  it.each([
    ['a body without end', '/endless', 'http.tooLarge', {}],
    ['a body that swells', '/swelling', 'http.tooLarge', {}],
    ['a body of 5 GB', '/declared', 'http.tooLarge', {}],
    ['a body without end, at the highest limit', '/endless', 'http.tooLarge', { maxBytes: 104_857_600 }],
    ['three million empty objects', '/empty?bytes=9000000', 'http.tooLarge', {}],
    ['thirty million of them', '/empty?bytes=90000000', 'http.tooLarge', { maxBytes: 104_857_600 }],
    ['a redirect to the metadata service', '/to-metadata', 'network.forbidden', {}],
    ['the same as IPv6', '/to-metadata-as-ipv6', 'network.forbidden', {}],
    ['the same as a number', '/to-metadata-as-number', 'network.forbidden', {}],
    ['a redirect to a file', '/to-file', 'http.redirect', {}],
    ["a redirect to Blok's own Postgres", '/to?port=$POSTGRES_PORT', 'network.forbidden', {}],
    ["a redirect to Blok's own Temporal", '/to?port=$TEMPORAL_PORT', 'network.forbidden', {}],
    ["a redirect to Blok's own API", '/to?port=$PORT', 'network.forbidden', {}],
  ])('fails the step that meets %s', async (_, path, code, more) => {
    const url = `http://${server.host}${path.replace(/\$(\w+)/, (_, name) => blok.env[name]!)}`;
    const { body, text } = await start(one('http.request', { url, ...more }));
    expect(body).toMatchObject({ status: 'failed', error: { code, step: 'it', attempts: 1 } });
    expectTold(text);
    expect(server.sentMb()).toBeLessThan(1_000);
  });

  // The operator has opened this machine to nodes; the servers of the installation stay closed.
  const OWN = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT'];
  it.each(OWN)('keeps every node away from its own server at %s, however the address is written', async (name) => {
    const port = Number(blok.env[name]);
    for (const host of ['127.0.0.1', 'localhost', '127.1', '2130706433', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]']) {
      const { body, text } = await start(one('http.request', { url: `http://${host}:${port}/api/connections` }));
      expect(body, host).toMatchObject({
        status: 'failed',
        error: { code: 'network.forbidden', step: 'it', attempts: 1 },
      });
      expect(text).toContain(`BLOK_ALLOW_HOSTS=`);
    }
    const connections = {
      mail: { type: 'smtp', data: { host: 'localhost', port, from: 'a@b.example' } },
      sql: { type: 'postgres', data: { host: '127.0.0.1', port, user: 'blok', database: 'blok', password: 'x' } },
    };
    for (const [connection, content] of Object.entries(connections))
      await call('PUT', `/connections/${connection}`, JSON.stringify(content));
    const mail = one('email.send', { to: 'a@b.example', subject: 's', text: 't' }, { connection: 'mail' });
    const sql = one('postgres.query', { sql: 'select 1' }, { connection: 'sql' });
    for (const graph of [mail, sql])
      expect((await start(graph)).body).toMatchObject({ error: { code: 'network.forbidden', attempts: 1 } });
  });

  it.runIf(listening(process.pid))('gets no answer over HTTP from any port of Temporal', async () => {
    const ports = listening(blok.pid('Temporal'))!.map(({ port }) => port);
    expect(ports.length).toBeGreaterThan(3);
    for (const port of ports)
      for (const host of ['127.0.0.1', 'localhost']) {
        const url = `http://${host}:${port}/api/v1/namespaces`;
        const { body } = await start(one('http.request', { url }, { retry: { maxAttempts: 1 } }));
        // The ports between its own services speak no HTTP.
        expect(body.error.code, url).toMatch(/^(network\.forbidden|http\.network)$/);
      }
  });

  it('lets no graph decide its own approval', async () => {
    const url = `${blok.api}/api/runs/\${{ run.id }}/approvals/ask`;
    const graph = {
      blok: 1,
      name: 'hostile',
      timeout: '20s',
      nodes: {
        ask: { uses: 'approval', with: { to: ['user:boss'], title: 'Pay?' } },
        cheat: { uses: 'http.request', with: { method: 'POST', url, json: { decision: 'approved', by: 'boss' } } },
      },
      output: '${{ nodes.ask }}',
    };
    expect((await start(graph)).body).toMatchObject({ status: 'failed', error: { code: 'network.forbidden' } });
  });

  it.each([
    'http://169.254.169.254/',
    'http://localhost:$POSTGRES_PORT/',
    'http://0.0.0.0:$TEMPORAL_PORT/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:1/',
  ])('does not call %s', async (url) => {
    const { body, text } = await start(
      one('http.request', { url: url.replace(/\$(\w+)/, (_, name) => blok.env[name]!) }),
    );
    expect(body).toMatchObject({
      status: 'failed',
      error: { code: expect.stringMatching(/^(network\.forbidden|http\.url)$/) },
    });
    expectTold(text);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'a/../../b', '..\\..\\x', 'a\0b'])(
    'does not read the file %j',
    async (path) => {
      for (const uses of ['file.read', 'file.delete']) {
        // The path is a value at run time, so the validator cannot refuse it.
        const { body, text } = await start(one(uses, { path: '${{ input.path }}' }), { path });
        expect(body).toMatchObject({ status: 'failed', error: { code: 'file.path', step: 'it' } });
        expectTold(text);
      }
    },
  );

  const { int } = randomOf(inject('seed'), 0);
  const left = [...ESCAPES];
  const escapes = Array.from({ length: 10 }, () => left.splice(int(left.length), 1)[0]!);
  it.each(escapes)('keeps a script in: $name', async (abuse) => {
    const { body, text } = await start(one('code.javascript', { source: abuse.source, timeout: limitOf(abuse) }));
    expect(text.replace(JSON.stringify(abuse.source), '')).not.toMatch(TRACES);
    if (body.status === 'failed') expect(body.error.code).toMatch(/^code\./);
    else expect(body.status).toBe('succeeded');
  });

  it.each([
    ['in the workflow', 1_500],
    ['where stored data are', 20_000],
  ])('outlives every killing expression, evaluated %s', { timeout: 240_000 }, async (_, size) => {
    const input = fuzzInput(size);
    const outcomes = new Map<string, number>();
    await inParallel(KILL_CORPUS, async (source) => {
      const graph = {
        ...one('set', { value: `\${{ ${source} }}` }, { needs: ['big'] }),
        vars: { percent: 5 },
      };
      Object.assign(graph.nodes, { big: { uses: 'set', with: { value: { id: 7, a: null } } } });
      const { status, body, text } = await start(graph, input);
      const outcome = status === 422 ? 'refused' : body.status;
      expect(['refused', 'failed', 'succeeded'], `${source}: ${text.slice(0, 300)}`).toContain(outcome);
      if (outcome === 'refused')
        expect(body.problems[0]).toMatchObject({ code: expect.any(String), line: expect.any(Number) });
      if (outcome === 'failed') {
        expect(body.error, JSON.stringify([source, body.error])).toMatchObject({
          code: expect.stringMatching(/^(expression|output\.tooLarge|limit)/),
        });
        expect(body.error.message, source).toMatch(/^(with\.value|output): /);
      }
      if (outcome !== 'succeeded') expectTold(text);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    });
    expect([...outcomes.values()].reduce((a, b) => a + b)).toBe(KILL_CORPUS.length);
    expect(outcomes.get('failed')).toBeGreaterThan(20);
  });

  it.each([
    ['20 MB', () => JSON.stringify({ graph: 'x'.repeat(20_000_000) }), 'application/json', 413],
    ['deep nesting', () => `${'{"graph":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'application/json', 400],
    ['deep lists', () => `{"graph":{},"input":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 'application/json', 400],
    [
      'three million empty objects',
      () => `{"graph":{},"input":[${'{},'.repeat(3_000_000)}1]}`,
      'application/json',
      413,
    ],
    ['half a JSON', () => '{"graph": {"blok": 1', 'application/json', 400],
    ['no UTF-8', () => new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 'application/json', 400],
    ['nothing', () => '', 'application/json', 400],
    ['a form', () => 'graph=1', 'application/x-www-form-urlencoded', 415],
    ['XML', () => '<graph/>', 'application/xml', 415],
    ['an unknown field', () => '{"graph":{"blok":1,"name":"x","nodes":{}},"isAdmin":true}', 'application/json', 400],
  ])('refuses a body of %s', async (_, body, type, status) => {
    const answer = await call('POST', '/runs', body(), type);
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([status, expect.any(String)]);
    expectTold(answer.text);
  });

  it('takes no prototype for a field', async () => {
    const graph = JSON.stringify({ ...one('set', { value: "${{ input.polluted ?? 'clean' }}" }), name: 'prototype' });
    for (const input of ['{"__proto__":{"polluted":"yes"}}', '{"constructor":{"prototype":{"polluted":"yes"}}}']) {
      const { body } = await call('POST', '/runs?wait=30', `{"graph":${graph},"input":${input}}`);
      expect(body).toMatchObject({ status: 'succeeded', output: 'clean' });
    }
    const named = graph.replaceAll('"it"', '"__proto__"');
    const answer = await call('POST', '/runs', `{"graph":${named}}`);
    expect(answer.status).toBe(422);
    expectTold(answer.text);
  });

  it('takes fifty runs at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => start(one('kv.set', { key: `k${n}`, value: n }), {}, 60)),
    );
    expect(answers.map(({ body }) => [body.status, body.output?.value])).toEqual(
      Array.from({ length: 50 }, (_, n) => ['succeeded', n]),
    );
  });

  it('has not died, fallen silent or stopped anybody', async () => {
    expect(pids()).toEqual(servers);
    const longestMs = await pulse.stop();
    console.log(`longest silence of the API: ${longestMs} ms`);
    expect(longestMs).toBeLessThan(SILENCE_MS);
    const { body } = await call('GET', `/runs/${bystander}?wait=60`);
    expect(body).toMatchObject({ status: 'succeeded', output: 30 });
  });
});
