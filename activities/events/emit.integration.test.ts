import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { firingsOf, openDatabase, publishWorkflow, upsertRun, wantTriggers, withWorkspace } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import { compile } from '../../graph/compile/index.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { createOutbox } from './emit.ts';

const store = useDatabase();
const request = { workspace: 'a', runId: 'r1', workflow: 'sender', step: 'tell[2]' } as EffectRequest;

/** An outbox, and what it signals. */
function outbox(change: Partial<EffectRequest> = {}) {
  const signals: [string, unknown][] = [];
  const getHandle = (workflowId: string) => ({
    signal: async (_name: string, event: unknown) => void signals.push([workflowId, event]),
  });
  const database = openDatabase(store.url(), { max: 2 });
  const temporal = { workflow: { getHandle } } as unknown as Client;
  const deps = { database, temporal, maxDepth: 20 } as ActivityDeps;
  return { signals, emit: createOutbox(deps, { ...request, ...change }).emit, database };
}

/** Publishes a workflow with an `event` trigger. */
async function listening(name: string, event: string) {
  const graph = { blok: 1 as const, name, nodes: {}, triggers: { on: { uses: 'event', with: { event } } } };
  const { plan } = compile(graph, new Map());
  await store.inside(async (tx) => {
    await publishWorkflow(tx, { graph, plan: plan!, hash: name });
    const triggers = [{ id: 'on', uses: 'event', addressed: false, subject: event }];
    await wantTriggers(tx, { workflow: name, version: 1, triggers, keyring: {} as never });
  });
}

describe('event.emit', () => {
  it('keeps one event, however often the step is tried, sends it to waits, and notes what it fires', async () => {
    await listening('listener', 'paid');
    const { emit, signals, database } = outbox({ depth: 3 });
    const waits = [{ step: 'w', kind: 'event', event: 'paid', key: null, since: '2026-01-01T00:00:00.000Z' }] as const;
    await withWorkspace(database, 'a', (tx) => upsertRun(tx, runRecord({ runId: 'rw', workflowId: 'w', waits })));
    const event = { name: 'paid', key: '7', data: { n: 1 } };
    const first = await emit(event);
    expect(first).toEqual({
      id: 'run:r1 tell[2]',
      delivered: 1,
      triggers: [{ workflow: 'listener', trigger: 'on' }],
    });
    expect(await emit(event)).toEqual(first);
    expect(signals).toMatchObject([
      ['w', { id: first.id, name: 'paid', key: '7', data: { n: 1 } }],
      ['w', { id: first.id }],
    ]);
    const firings = await withWorkspace(database, 'a', (tx) => firingsOf(tx, { key: first.id }));
    expect(firings).toMatchObject([{ workflow: 'listener', depth: 4, version: 1, outcome: null }]);
    await database.close();
  });

  it('that would start runs too deep fails and keeps nothing, but may start nothing at any depth', async () => {
    await listening('deep', 'down');
    const { emit, database } = outbox({ depth: 20, step: 'deep' });
    await expect(emit({ name: 'down', key: null, data: null })).rejects.toMatchObject({ code: 'run.tooDeep' });
    expect(await withWorkspace(database, 'a', (tx) => firingsOf(tx, { key: 'run:r1 deep' }))).toEqual([]);
    expect(await emit({ name: 'unheard', key: null, data: null })).toMatchObject({ delivered: 0, triggers: [] });
    await database.close();
  });

  it('refuses data that are too large for the histories of runs', async () => {
    const { emit, database } = outbox();
    const large = emit({ name: 'large', key: null, data: 'é'.repeat(130_000) });
    await expect(large).rejects.toMatchObject({ code: 'event.tooLarge' });
    await database.close();
  });
});
