import { describe, expect, it } from 'vitest';
import { takeSlot } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { createLog } from '../../telemetry/log.ts';
import { graphOf, useApi } from '../testing/api.ts';
import { closeEnded, reconcile } from './reconcile.ts';

const api = useApi();
const round = (after?: string, limit = 100) =>
  reconcile(
    { database: api.database(), runs: api.runs(), workspace: 'a', log: createLog({ level: 'silent' }) },
    after,
    { olderThanMs: -60_000, limit },
  );
const start = async (name: string) => {
  const { body } = await api.post('/api/runs', { graph: graphOf(name), input: { n: 1 } });
  return { id: body.id as string, run: api.runs().last() };
};

describe('reconcile', () => {
  it('leaves open runs and closes those that ended in Temporal', async () => {
    const open = await start('open');
    const terminated = await start('terminated');
    const finished = await start('finished');
    const error = { code: 'terminated', message: 'by an operator', step: '', node: '', attempts: 0, unknown: true };
    terminated.run.outcome = { status: 'terminated', output: null, error };
    finished.run.outcome = { status: 'succeeded', output: { v: 1 } };
    expect(await round()).toEqual({ closed: 2, next: undefined });
    expect((await api.get(`/api/runs/${open.id}`)).body.status).toBe('running');
    expect((await api.get(`/api/runs/${terminated.id}`)).body).toMatchObject({
      status: 'terminated',
      error,
      endedAt: '2026-01-02T00:00:00.000Z',
      input: { n: 1 },
    });
    expect((await api.get(`/api/runs/${finished.id}`)).body).toMatchObject({ status: 'succeeded', output: { v: 1 } });
    expect((await round()).closed).toBe(0);
    open.run.outcome = { status: 'failed', output: null };
    expect((await round()).closed).toBe(1);
  });

  it('closes a run whose error has words that are cut', async () => {
    const { id, run } = await start('cut');
    const message = `${'あ'.repeat(39)}𠮷野家`;
    const error = { code: 'terminated', message, step: '', node: '', attempts: 0, unknown: true };
    run.outcome = { status: 'terminated', output: null, error };
    expect((await round()).closed).toBe(1);
    expect((await api.get(`/api/runs/${id}`)).body).toMatchObject({ status: 'terminated', error: { message } });
  });

  it('goes on to other runs if one cannot be closed', async () => {
    const broken = await start('broken');
    const others = [await start('other1'), await start('other2')];
    for (const { run } of others) run.outcome = { status: 'succeeded', output: null };
    broken.run.outcome = {
      status: 'no such status' as never,
      output: {
        get toJSON() {
          throw new Error('broken');
        },
      } as never,
    };
    expect(await round(undefined, 100)).toEqual({ closed: 2, next: undefined });
    api.runs().all.delete(broken.run.start.workflowId);
    expect((await round()).closed).toBe(1);
  });

  it('closes what was ended in Temporal itself, however many runs are open', async () => {
    const ended = await start('ended-there');
    await start('still-open');
    ended.run.outcome = { status: 'terminated', output: null };
    const deps = { database: api.database(), runs: api.runs(), workspace: 'a', log: createLog({ level: 'silent' }) };
    expect(await closeEnded(deps, new Date(0))).toBe(1);
    expect((await api.get(`/api/runs/${ended.id}`)).body.status).toBe('terminated');
    expect(await closeEnded(deps, new Date(0))).toBe(0);
  });

  it('takes a run that has ended out of the lines, and tells the next one', async () => {
    const { id, run } = await start('holder');
    const { workflowId } = run.start;
    const line = { workflow: 'holder', key: '', limit: 1 };
    await api.store.inside((tx) => takeSlot(tx, { ...line, runId: id, workflowId }));
    await api.store.inside((tx) => takeSlot(tx, { ...line, runId: 'next', workflowId: 'w/next' }));
    run.outcome = { status: 'terminated', output: null };
    await round();
    expect(api.runs().askedAgain).toEqual(['w/next']);
    expect(await api.store.inside((tx) => takeSlot(tx, { ...line, runId: 'next', workflowId: 'w/next' }))).toEqual({
      taken: true,
    });
  });

  it('closes a run Temporal has forgotten', async () => {
    const gone = await start('gone');
    api.runs().all.delete(gone.run.start.workflowId);
    await round();
    expect((await api.get(`/api/runs/${gone.id}`)).body).toMatchObject({
      status: 'terminated',
      error: { code: 'run.lost' },
    });
  });

  it('goes page by page, and changes nothing when Temporal is unavailable', async () => {
    const runs = [await start('p1'), await start('p2'), await start('p3')];
    const ids = runs.map((r) => r.id).sort();
    expect((await round(undefined, 2)).next).toBe(ids[1]);
    expect((await round(ids[1], 2)).next).toBeUndefined();
    api.runs().down = true;
    await expect(round()).rejects.toMatchObject({ code: 'temporal.unavailable' });
    api.runs().down = false;
    for (const { id, run } of runs)
      await api.record(
        runRecord({
          runId: id,
          workflowId: run.start.workflowId,
          historyLength: 9,
          status: 'succeeded',
          endedAt: '2026-01-01T00:00:00.000Z',
        }),
      );
    expect((await round()).closed).toBe(0);
  });

  it('gives way to a closing write that comes late', async () => {
    const late = await start('late');
    late.run.outcome = { status: 'succeeded', output: 1 };
    await round();
    await api.record(
      runRecord({
        runId: late.id,
        workflowId: late.run.start.workflowId,
        historyLength: 9,
        status: 'succeeded',
        output: 1,
        endedAt: '2026-01-01T00:00:07.000Z',
      }),
    );
    expect((await api.get(`/api/runs/${late.id}`)).body.endedAt).toBe('2026-01-01T00:00:07.000Z');
  });
});
