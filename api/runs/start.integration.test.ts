import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { createSigner, getBlob, runIdOf } from '../../db/index.ts';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import { until } from '../../embedded/process/wait.ts';
import type { Json } from '../../graph/json.ts';
import { sandboxDigest } from '../../graph/start/sandbox-digest.ts';
import { claimOf, INTERPRETER_VERSION, type RunRecord } from '../../workflows/contract.ts';
import { graphOf, KEYRING, useApi } from '../testing/api.ts';

const api = useApi();
const publish = async (name: string, change: object = {}) => {
  const answer = await api.put(`/api/workflows/${name}`, { graph: graphOf(name, change) });
  expect([200, 201]).toContain(answer.status);
};

describe('POST /api/workflows/:name/runs', () => {
  it('starts the published version and writes the opening row', async () => {
    await publish('hello', { label: 'Say hello' });
    const answer = await api.post('/api/workflows/hello/runs', { input: { n: 1 } });
    expect(answer.status).toBe(202);
    const { start, temporalRunId } = api.runs().last();
    expect(start.workflowId).toMatch(/^a\/hello\/call\/[0-9a-f]{32}$/);
    expect(start.label).toBe('Say hello');
    expect(start.input).toMatchObject({
      interpreterVersion: INTERPRETER_VERSION,
      workspace: 'a',
      workflow: 'hello',
      version: 1,
      runId: answer.body.id,
      input: { n: 1 },
      vars: {},
      plan: { name: 'hello' },
      trigger: { id: null, uses: 'call', key: null },
      url: `http://blok.test/api/runs/${answer.body.id}`,
    });
    expect(createSigner(KEYRING).verify(claimOf(start.input)!, start.workflowId)).toBe(true);
    expect(start.input.proof!.digest).toBe(sandboxDigest(start.input, start.workflowId));
    expect(answer.body).toMatchObject({
      id: runIdOf(start.workflowId),
      workflow: 'hello',
      version: 1,
      status: 'running',
      input: { n: 1 },
      output: null,
      error: null,
      endedAt: null,
      steps: [],
      waits: [],
      temporalUrl: `http://temporal.test/${encodeURIComponent(start.workflowId)}/${temporalRunId}`,
    });
    const stored = await api.get(`/api/runs/${answer.body.id}`);
    expect(stored).toMatchObject({ status: 200, body: answer.body });
  });

  it('gives the same run for the same key and body, and refuses the key for another body', async () => {
    await publish('keyed');
    const send = (body: object, key = 'order-7') =>
      api.post('/api/workflows/keyed/runs', body, { 'idempotency-key': key });
    const first = await send({ input: { n: 1, m: 2 } });
    const second = await send({ input: { m: 2, n: 1 } });
    expect(second.status).toBe(202);
    expect(second.body.id).toBe(first.body.id);
    expect(api.runs().all.size).toBe(1);
    const other = await send({ input: { n: 2 } });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.mismatch' } });
    expect((await send({ input: { n: 2 } }, 'order-8')).body.id).not.toBe(first.body.id);
    // A version published since, even one the input does not fit, changes nothing for a repeated request.
    await publish('keyed', { input: { type: 'object', required: ['never'] } });
    expect((await send({ input: { n: 1, m: 2 } })).body.id).toBe(first.body.id);
  });

  it('starts one run for requests of one key that arrive together', async () => {
    await publish('race');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        api.post('/api/workflows/race/runs', { input: { n: 1 } }, { 'idempotency-key': 'k' }),
      ),
    );
    expect(new Set(answers.map((a) => a.body.id)).size).toBe(1);
    expect(answers.every((a) => a.status === 202)).toBe(true);
    expect(api.runs().all.size).toBe(1);
  });

  it('answers 200 when the run ends within the wait, from its row or, if that is late, from Temporal', async () => {
    await publish('quick');
    api.runs().onStart = ({ workflowId }) =>
      queueMicrotask(() =>
        setImmediate(() => {
          api.runs().all.get(workflowId)!.outcome = { status: 'succeeded', output: { v: 1 } };
        }),
      );
    const slow = await api.post('/api/workflows/quick/runs?wait=0', { input: { n: 1 } });
    expect(slow.status).toBe(202);
    const { start } = api.runs().last();
    const late = await api.get(`/api/runs/${slow.body.id}?wait=5`);
    expect(late.body).toMatchObject({ status: 'succeeded', output: { v: 1 }, endedAt: expect.any(String) });
    await api.record(
      runRecord({
        runId: slow.body.id,
        workflowId: start.workflowId,
        workflow: 'quick',
        historyLength: 9,
        status: 'succeeded',
        output: { v: 1 },
        endedAt: '2026-01-01T00:00:09.000Z',
      }),
    );
    const whole = await api.get(`/api/runs/${slow.body.id}?wait=5`);
    expect(whole.body).toMatchObject({ status: 'succeeded', output: { v: 1 }, endedAt: '2026-01-01T00:00:09.000Z' });
  });

  const isTold = (runId: string) => api.endings().tells(runRecord({ runId }));

  /** What the worker of this process writes and reports about a run that ends in its first task. */
  const endAtOnce = (change: Partial<RunRecord> = {}) => {
    api.runs().onStart = ({ workflowId, input }) =>
      setImmediate(async () => {
        const { workflow, version, runId, trigger, startedAt } = input;
        const said = {
          workflowId,
          workflow,
          version,
          runId,
          trigger,
          startedAt: startedAt!,
          input: input.input as Json,
        };
        const end = { status: 'succeeded', output: { v: 1 }, endedAt: new Date().toISOString() } as const;
        const record = runRecord({ ...said, ...end, historyLength: 3, steps: [stepRecord()], ...change });
        api.runs().all.get(workflowId)!.outcome = { status: 'succeeded', output: { v: 'from Temporal' } };
        expect(api.endings().tells(record)).toBe(record.historyLength === 3);
        await api.record(record);
        api.endings().ended(record);
      });
  };

  it('answers from the report of the worker if the run ends in its first task, as the row does', async () => {
    await publish('at-once');
    endAtOnce();
    const answer = await api.post('/api/workflows/at-once/runs?wait=5', { input: { n: 1 } });
    expect(answer).toMatchObject({ status: 200, body: { status: 'succeeded', output: { v: 1 }, input: { n: 1 } } });
    expect((await api.get(`/api/runs/${answer.body.id}`)).body).toEqual(answer.body);
  });

  it('asks Temporal about a run that ends later than in its first task', async () => {
    await publish('later');
    endAtOnce({ historyLength: 4, status: 'running', endedAt: null, output: null, steps: [] });
    const answer = await api.post('/api/workflows/later/runs?wait=5', { input: { n: 1 } });
    expect(answer).toMatchObject({ status: 200, body: { output: { v: 'from Temporal' }, input: { n: 1 } } });
  });

  it('writes the opening row of a run that does not end at once, and of one whose start is too large to travel', async () => {
    await publish('goes-on');
    const slow = await api.post('/api/workflows/goes-on/runs?wait=1', { input: { n: 1 } });
    expect(slow).toMatchObject({ status: 202, body: { status: 'running', input: { n: 1 } } });
    api.runs().onStart = ({ input }) => expect(isTold(input.runId)).toBe(false);
    const large = await api.post('/api/workflows/goes-on/runs?wait=1', { input: { text: 'x'.repeat(300_000) } });
    expect(large).toMatchObject({ status: 202, body: { status: 'running' } });
    expect(large.body.input.text).toHaveLength(300_000);
  });

  it('gives the room of its body to others while it waits for the end of the run', async () => {
    await publish('roomy');
    const { bodies } = api.ctx();
    const all: { bytes: number }[] = [];
    const { open } = bodies;
    Object.assign(bodies, {
      open: () => {
        const hold = open();
        const one = { bytes: 0 };
        all.push(one);
        return {
          ...hold,
          take: (bytes: number) => {
            one.bytes += bytes;
            return hold.take(bytes);
          },
          giveAllBack: () => {
            one.bytes = 0;
            hold.giveAllBack();
          },
        };
      },
    });
    const large = { input: { text: 'x'.repeat(100_000) } };
    const end = Promise.withResolvers<{ status: 'succeeded'; output: Json }>();
    Object.assign(api.runs(), { result: () => end.promise });
    let hasEnded = false;
    const waiting = api.post('/api/workflows/roomy/runs?wait=30', large).finally(() => {
      hasEnded = true;
    });
    await until(async () => all.some(({ bytes }) => bytes > 100_000), { withinMs: 10_000 });
    await until(async () => all.every(({ bytes }) => bytes === 0), { withinMs: 10_000 });
    expect(hasEnded).toBe(false);
    end.resolve({ status: 'succeeded', output: { v: 1 } });
    expect(await waiting).toMatchObject({ status: 200, body: { output: { v: 1 } } });
  });

  it('watches nothing when the start fails', async () => {
    await publish('down');
    let runId = '';
    api.runs().onStart = ({ input }) => {
      runId = input.runId;
      throw new Error('no server');
    };
    expect((await api.post('/api/workflows/down/runs?wait=5', {})).status).toBe(500);
    expect(runId).not.toBe('');
    expect(isTold(runId)).toBe(false);
  });

  it('checks the input against the schema of the graph', async () => {
    const input = {
      type: 'object',
      required: ['email'],
      properties: { email: { type: 'string', format: 'email' }, code: { type: 'string', pattern: '^(a+)+$' } },
    };
    await publish('checked', { input });
    const answer = await api.post('/api/workflows/checked/runs', { input: { email: 'nobody' } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'input.invalid', problems: [{ path: '/email' }] } });
    expect((await api.post('/api/workflows/checked/runs')).body.detail).toContain('email');
    const begun = performance.now();
    const evil = { email: 'a@b.example', code: `${'a'.repeat(50_000)}!` };
    expect((await api.post('/api/workflows/checked/runs', { input: evil })).status).toBe(422);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(api.runs().all.size).toBe(0);
  });

  it('resolves variables: default, workspace, workflow', async () => {
    await publish('vars', { vars: { a: 1, b: 1, c: 1 } });
    await api.put('/api/vars/b', { value: 2 });
    await api.put('/api/vars/c', { value: 2 });
    await api.put('/api/workflows/vars/vars/c', { value: 3 });
    await api.post('/api/workflows/vars/runs', {});
    expect(api.runs().last().start.input.vars).toEqual({ a: 1, b: 2, c: 3 });
  });

  it('stands for the named trigger, else the declared call, else the only trigger', async () => {
    const hook = {
      uses: 'webhook',
      with: { verify: 'none' },
      if: '${{ trigger.body.n > 0 }}',
      input: '${{ ({ n: trigger.body.n * 2 }) }}',
    };
    await publish('one', { triggers: { hook } });
    await api.post('/api/workflows/one/runs', { input: { n: 2 } });
    expect(api.runs().last().start).toMatchObject({
      workflowId: expect.stringMatching(/^a\/one\/call\//),
      input: { input: { n: 4 }, trigger: { id: 'hook', uses: 'webhook', body: { n: 2 } } },
    });
    const declined = await api.post('/api/workflows/one/runs', { input: { n: 0 } });
    expect(declined).toMatchObject({ status: 409, body: { code: 'trigger.declined' } });
    await publish('two', { triggers: { hook, manual: { uses: 'call' } } });
    await api.post('/api/workflows/two/runs', { input: { n: 2 } });
    expect(api.runs().last().start.input).toMatchObject({ input: { n: 2 }, trigger: { id: 'manual' } });
    await api.post('/api/workflows/two/runs', { input: { n: 2 }, trigger: 'hook' });
    expect(api.runs().last().start).toMatchObject({
      workflowId: expect.stringMatching(/^a\/two\/hook\//),
      input: { trigger: { id: 'hook' } },
    });
    expect(await api.post('/api/workflows/two/runs', { trigger: 'ghost' })).toMatchObject({
      status: 422,
      body: { code: 'trigger.unknown', detail: expect.stringContaining('manual') },
    });
    const broken = await api.post('/api/workflows/two/runs', { trigger: 'hook', input: null });
    expect(broken).toMatchObject({ status: 422, body: { code: 'trigger.expression' } });
  });

  it('sends what is large by reference, and keeps it readable', async () => {
    await publish('large');
    const text = 'ü'.repeat(80_000);
    const answer = await api.post('/api/workflows/large/runs', { input: { n: text } });
    const { input } = api.runs().last().start;
    expect(input.inputByReference).toBe(true);
    const { blob } = input.input as { blob: { sha256: string; size: number } };
    expect(blob.size).toBeGreaterThan(160_000);
    const bytes = await api.store.inside((tx) => getBlob(tx, { sha256: blob.sha256 }));
    expect(JSON.parse(Buffer.from(bytes!).toString())).toEqual({ n: text });
    expect((await api.get(`/api/runs/${answer.body.id}`)).body.input).toEqual({ n: text });
    expect(input.planByReference).toBeUndefined();
  });

  it('still answers when the row cannot be written after Temporal accepted, and writes it as soon as it can', async () => {
    await publish('norow');
    let id = '';
    const admin = postgres(api.store.url(), { max: 1 });
    await admin`revoke insert on run from blok_app`;
    try {
      const answer = await api.post('/api/workflows/norow/runs', { input: { n: 1 } });
      expect(answer).toMatchObject({ status: 202, body: { status: 'running' } });
      expect(api.logged.at(-2)).toContain('opening row');
      id = answer.body.id;
    } finally {
      await admin`grant insert on run to blok_app`;
      await admin.end();
    }
    await expect.poll(async () => (await api.get(`/api/runs/${id}`)).status, { timeout: 10_000 }).toBe(200);
  });

  it('answers 503 and starts nothing when Temporal is unavailable', async () => {
    await publish('away');
    api.runs().down = true;
    const answer = await api.post('/api/workflows/away/runs', {});
    expect(answer).toMatchObject({ status: 503, body: { code: 'temporal.unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  it('answers 404 for a workflow or version that is not there', async () => {
    await publish('versions');
    expect(await api.post('/api/workflows/never/runs')).toMatchObject({
      status: 404,
      body: { code: 'workflow.notFound' },
    });
    expect(await api.post('/api/workflows/versions/runs', { version: 7 })).toMatchObject({ status: 404 });
  });
});

describe('POST /api/runs', () => {
  it('runs a graph given as an object or as text, with variables', async () => {
    const graph = graphOf('adhoc', { vars: { a: 1, b: 1 } });
    const answer = await api.post('/api/runs', { graph, input: { n: 1 }, vars: { b: 5 } });
    expect(answer).toMatchObject({ status: 202, body: { workflow: 'adhoc', version: null } });
    expect(api.runs().last().start.input).toMatchObject({ version: null, vars: { a: 1, b: 5 } });
    expect((await api.post('/api/runs', { graph: JSON.stringify(graph), vars: { c: 1 } })).body).toMatchObject({
      code: 'vars.unknown',
      detail: expect.stringContaining('"c"'),
    });
    expect((await api.post('/api/runs', { graph: 'blok: 1\nname: x\nnodes: {}\nextra: 1\n' })).body).toMatchObject({
      code: 'graph.invalid',
      problems: [{ line: 4 }],
    });
  });

  it('refuses variables that no start can carry, before it starts anything', async () => {
    const graph = graphOf('heavy', { vars: { text: 'x'.repeat(70_000) } });
    expect(await api.post('/api/runs', { graph, input: { n: 1 } })).toMatchObject({
      status: 422,
      body: { code: 'vars.tooLarge', detail: expect.stringContaining('65536 bytes') },
    });
  });

  it('takes an idempotency key', async () => {
    const send = (n: number) =>
      api.post('/api/runs', { graph: graphOf('adhoc2'), input: { n } }, { 'idempotency-key': 'x' });
    const first = await send(1);
    expect((await send(1)).body.id).toBe(first.body.id);
    expect((await send(2)).body.code).toBe('idempotency.mismatch');
  });
});
