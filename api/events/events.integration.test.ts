import { describe, expect, it } from 'vitest';
import { eventsFor } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();
const since = '2026-01-01T00:00:00.000Z';

/** Starts a run that waits for an event. */
const waiting = async (name: string, event: string, key: string | null) => {
  const { body } = await api.post('/api/runs', { graph: graphOf(name), input: { n: 1 } });
  const run = api.runs().last();
  const waits = [{ step: 'w', kind: 'event', event, key, since, until: null }] as const;
  await api.record(
    runRecord({ runId: body.id, workflowId: run.start.workflowId, historyLength: 5, status: 'waiting', waits }),
  );
  return run;
};

describe('POST /api/events', () => {
  it('reaches every run that waits for it, and no other', async () => {
    const exact = await waiting('exact', 'paid', '7');
    const any = await waiting('any', 'paid', null);
    const other = await waiting('other', 'paid', '8');
    const answer = await api.post('/api/events', { name: 'paid', key: '7', data: { n: 1 }, id: 'e1' });
    expect(answer).toMatchObject({ status: 202, body: { id: 'e1', delivered: 2 } });
    expect(exact.events).toMatchObject([{ id: 'e1', name: 'paid', key: '7', data: { n: 1 } }]);
    expect(any.events).toHaveLength(1);
    expect(other.events).toHaveLength(0);
    exact.outcome = { status: 'succeeded', output: null };
    expect((await api.post('/api/events', { name: 'paid', key: '7', id: 'e2' })).body.delivered).toBe(1);
  });

  it('is kept for waits that begin later, under its id or the idempotency key', async () => {
    await api.post('/api/events', { name: 'early', data: 1 }, { 'idempotency-key': 'once' });
    const again = await api.post('/api/events', { name: 'early', data: 1 }, { 'idempotency-key': 'once' });
    expect(again.body).toEqual({ id: 'once', delivered: 0, triggers: [] });
    expect(await api.store.inside((tx) => eventsFor(tx, { name: 'early', since }))).toMatchObject([
      { id: 'once', data: 1 },
    ]);
  });

  it.each([
    { name: 'other', data: { a: 1, b: 2 } },
    { name: 'first', data: { a: 1 } },
    { name: 'first', data: { a: 1, b: 2 }, key: 'k' },
  ])('is refused under the id of another event, never dropped: %o', async (other) => {
    const id = JSON.stringify(other);
    expect((await api.post('/api/events', { name: 'first', data: { a: 1, b: 2 }, id })).status).toBe(202);
    expect((await api.post('/api/events', { name: 'first', data: { b: 2, a: 1 }, id })).status).toBe(202);
    expect(await api.post('/api/events', { ...other, id })).toMatchObject({
      status: 422,
      body: { code: 'idempotency.mismatch', detail: expect.stringContaining('Use a new id') },
    });
  });

  it('is not lost when Temporal is unavailable: the same id can be sent again', async () => {
    const run = await waiting('away', 'ping', null);
    api.runs().down = true;
    expect(await api.post('/api/events', { name: 'ping', id: 'p1' })).toMatchObject({ status: 503 });
    api.runs().down = false;
    expect((await api.post('/api/events', { name: 'ping', id: 'p1' })).body).toEqual({
      id: 'p1',
      delivered: 1,
      triggers: [],
    });
    expect(run.events).toMatchObject([{ id: 'p1' }]);
  });

  it('is refused if it is too large for the histories of runs', async () => {
    const run = await waiting('large', 'large', null);
    const answer = await api.post('/api/events', { name: 'large', data: 'é'.repeat(130_000) });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(answer.body.detail).toContain('256000 bytes');
    expect(run.events).toHaveLength(0);
    expect((await api.post('/api/events', { name: 'large', data: 'é'.repeat(120_000) })).body.delivered).toBe(1);
  });

  it('reaches no other workspace', async () => {
    const run = await waiting('walls', 'secret', null);
    const answer = await api.appOf('b').request('/api/events', {
      method: 'POST',
      body: '{"name":"secret"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await answer.json()).toMatchObject({ delivered: 0 });
    expect(run.events).toHaveLength(0);
  });
});
