import { describe, expect, it, vi } from 'vitest';
import { runTopic } from '../../../bus/index.ts';
import { putBlob, putResponse } from '../../../db/index.ts';
import { runRecord, stepRecord } from '../../../db/testing/records.ts';
import type { JsonObject } from '../../../graph/json.ts';
import type { StartRun } from '../../runs-port.ts';
import { useApi } from '../../testing/api.ts';
import { createHookReads } from '../reads.ts';
import { publishHook } from '../testing/hook.ts';
import { awaitReply } from './await.ts';
import { createWaiters } from './waiters.ts';

const api = useApi();
const sync = { verify: 'none', reply: 'sync', replyWithin: '1s', dedupe: '${{ trigger.body.id }}' };

/** A webhook whose runs do this as soon as they are started. */
async function answering(name: string, work: (run: StartRun) => unknown, given: object = {}) {
  const at = await publishHook(api, name, { with: { ...sync, ...given } });
  api.runs().onStart = (start) => void Promise.resolve().then(() => work(start));
  return at;
}
const respond = (response: JsonObject) => async (start: StartRun) => {
  const { runId, workspace } = start.input;
  await api.store.inside((tx) => putResponse(tx, { runId, response }));
  api.ctx().bus.publish(runTopic(workspace, runId));
};
const end = (start: StartRun, change: object) =>
  api.record(
    runRecord({
      ...change,
      runId: start.input.runId,
      workflowId: start.workflowId,
      workflow: start.input.workflow,
      historyLength: 9,
      endedAt: new Date().toISOString(),
    }),
  );
/** The record of a run that ended in its first task. */
const atOnce = (start: StartRun, change: object) =>
  runRecord({
    ...change,
    status: 'succeeded',
    runId: start.input.runId,
    workflowId: start.workflowId,
    workflow: start.input.workflow,
    historyLength: 3,
    endedAt: new Date().toISOString(),
  });

describe('reply: sync', () => {
  it('answers with what `respond` says, before the run has ended, and a repeated delivery the same', async () => {
    const at = await answering(
      'early',
      respond({ status: 201, headers: { 'X-Order': 7, location: '/orders/7' }, body: { n: 1 } }),
    );
    const first = await api.post(at, { id: 'a' });
    expect(first).toMatchObject({ status: 201, body: { n: 1 } });
    expect(first.headers.get('x-order')).toBe('7');
    const again = await api.post(at, { id: 'a' });
    expect([again.status, again.text, again.headers.get('location')]).toEqual([201, first.text, '/orders/7']);
    expect(api.runs().all.size).toBe(1);
    expect((await api.get('/api/runs?workflow=early')).body.items).toHaveLength(1);
  });

  it('answers from the record of the end that a worker of this process reports: nothing is read, and no opening row written', async () => {
    const at = await answering('told', (start) =>
      api.endings().ended(atOnce(start, { response: { value: { status: 201, headers: {}, body: { n: 2 } } } })),
    );
    expect(await api.post(at, { id: 1 })).toMatchObject({ status: 201, body: { n: 2 } });
    const plain = await answering('told-output', (start) => api.endings().ended(atOnce(start, { output: { n: 3 } })));
    expect(await api.post(plain, { id: 1 })).toMatchObject({ status: 200, body: { n: 3 } });
    for (const workflow of ['told', 'told-output'])
      expect((await api.get(`/api/runs?workflow=${workflow}`)).body.items).toEqual([]);
  });

  it('reads an answer of which the record holds only references', async () => {
    const at = await answering('parts', async (start) => {
      await respond({ status: 200, headers: {}, body: 'whole' })(start);
      const refs = [{ at: '/body', ref: { sha256: 'a'.repeat(64), size: 9 } }];
      api.endings().ended(atOnce(start, { response: { value: { status: 200, headers: {}, body: null }, refs } }));
    });
    expect(await api.post(at, { id: 1 })).toMatchObject({ status: 200, text: 'whole' });
  });

  it('answers with the output of a run without `respond`, and with a problem if the run failed', async () => {
    const at = await answering('output', (start) => end(start, { status: 'succeeded', output: { done: true } }));
    expect(await api.post(at, { id: 1 })).toMatchObject({ status: 200, body: { done: true } });
    const failing = await answering('failing', (start) =>
      end(start, {
        status: 'failed',
        error: { code: 'secret.code', message: 'inner words', step: 'a', node: 'a', attempts: 1, unknown: false },
      }),
    );
    const failed = await api.post(failing, { id: 1 });
    expect(failed).toMatchObject({ status: 500, body: { code: 'hook.failed' } });
    expect(failed.headers.get('location')).toMatch(/\/api\/runs\/r/);
    expect(failed.text).not.toContain('inner words');
  });

  it('answers with what `respond` said if only the run itself still knows it, because its record was lost', async () => {
    const at = await answering('unheard', ({ workflowId, input }) => {
      const run = api.runs().all.get(workflowId)!;
      const steps = [stepRecord({ path: 'say', node: 'say', type: 'respond' })];
      const response = { status: 402, headers: {}, body: { pay: 1 } };
      run.outcome = { status: 'succeeded', output: { done: true } };
      run.view = { runId: input.runId, status: 'succeeded', steps, waits: [], response };
    });
    expect(await api.post(at, { id: 1 })).toMatchObject({ status: 402, body: { pay: 1 } });
  });

  it('answers 202 with the address of a run that takes longer', async () => {
    const at = await answering('slow', () => undefined);
    const begun = Date.now();
    const answer = await api.post(at, { id: 1 });
    expect(answer).toMatchObject({ status: 202, body: { run: { id: expect.any(String) } } });
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  it('lets no caller wait longer because the database hangs', async () => {
    const never = () => new Promise<never>(() => undefined);
    const begun = Date.now();
    const started = { runId: 'r1', workflowId: 'w1', isNew: true, open: never };
    const ctx = { ...api.ctx(), tenant: never };
    const room = { reads: createHookReads(ctx), waiters: createWaiters() };
    const { signal } = new AbortController();
    expect(await awaitReply(ctx, room, { address: 'a', started, ms: 800, signal })).toBeNull();
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  it('lets go of a caller that has hung up, also while it looks, and leaves its place to others', async () => {
    const room = { reads: createHookReads(api.ctx()), waiters: createWaiters({ all: 1 }) };
    const stop = vi.fn();
    const watch = { atOnce: () => new Promise<null>(() => undefined), stop };
    const started = { runId: 'r1', workflowId: 'w1', isNew: true, watch, open: async () => undefined };
    const caller = { address: 'a', started, ms: 30_000 };
    for (const hungUpAfterMs of [0, 20, 700]) {
      const begun = Date.now();
      const signal = hungUpAfterMs === 0 ? AbortSignal.abort() : AbortSignal.timeout(hungUpAfterMs);
      expect(await awaitReply(api.ctx(), room, { ...caller, signal })).toBeNull();
      expect(Date.now() - begun).toBeLessThan(hungUpAfterMs + 2_000);
      expect(stop).toHaveBeenCalled();
      stop.mockClear();
    }
  });

  it('lets so many callers wait, and sends the others the address of their run at once', async () => {
    const room = { reads: createHookReads(api.ctx()), waiters: createWaiters({ all: 1 }) };
    const hangUp = new AbortController();
    const watch = { atOnce: () => new Promise<null>(() => undefined), stop: vi.fn() };
    const started = { runId: 'r1', workflowId: 'w1', isNew: true, watch, open: async () => undefined };
    const caller = { address: 'a', started, ms: 30_000, signal: hangUp.signal };
    const first = awaitReply(api.ctx(), room, caller);
    expect(await awaitReply(api.ctx(), room, caller)).toBeNull();
    expect(watch.stop).toHaveBeenCalledTimes(1);
    hangUp.abort();
    expect(await first).toBeNull();
  });

  it('confines what a graph answers, and leaves out headers that are not its own to set', async () => {
    const headers = {
      'Content-Type': 'text/html',
      'Set-Cookie': 'session=1',
      Connection: 'close',
      'Transfer-Encoding': 'chunked',
      'Content-Security-Policy': 'default-src *',
      'Access-Control-Allow-Origin': '*',
      'X-Split': 'a\r\nSet-Cookie: b=c',
      'bad name': 'x',
      'X-Fine': 'yes',
    };
    const at = await answering('page', respond({ status: 200, headers, body: '<script>alert(1)</script>' }));
    const page = await api.post(at, { id: 1 });
    expect(page.text).toBe('<script>alert(1)</script>');
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-security-policy': "sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-fine': 'yes',
    });
    for (const name of [
      'set-cookie',
      'connection',
      'transfer-encoding',
      'access-control-allow-origin',
      'x-split',
      'bad name',
    ])
      expect([...page.headers.keys()]).not.toContain(name);
  });

  it('sends texts as texts, nothing without a body, and files as they are stored', async () => {
    const text = await answering('text', respond({ status: 200, headers: {}, body: 'ü' }));
    const said = await api.post(text, { id: 1 });
    expect([said.text, said.headers.get('content-type')]).toEqual(['ü', 'text/plain; charset=utf-8']);
    const empty = await answering('empty', respond({ status: 204, headers: {}, body: null }));
    expect(await api.post(empty, { id: 1 })).toMatchObject({ status: 204, text: '' });
    const bytes = Buffer.alloc(9_000_000, 'abc');
    const { sha256 } = await api.store.inside((tx) => putBlob(tx, { bytes }));
    const file = await answering(
      'file',
      respond({ status: 200, headers: {}, body: null, file: { sha256, contentType: 'image/png' } }),
    );
    const sent = await api.raw(file, {
      method: 'POST',
      body: '{"id":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect([sent.status, sent.headers.get('content-type'), sent.headers.get('content-length')]).toEqual([
      200,
      'image/png',
      '9000000',
    ]);
    expect(Buffer.from(await sent.arrayBuffer()).equals(bytes)).toBe(true);
    const gone = await answering(
      'lost',
      respond({ status: 200, headers: {}, body: null, file: { sha256: 'a'.repeat(64) } }),
    );
    expect((await api.post(gone, { id: 1 })).status).toBe(500);
  });
});
