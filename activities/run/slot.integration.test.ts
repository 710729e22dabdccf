import type { Client } from '@temporalio/client';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { createBus, hearFollowed } from '../../bus/index.ts';
import { recentCounts, takeSlot, upsertRun } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import type { SlotInput, TurnInput } from '../../workflows/activities.ts';
import { createLineGate } from './line-gate.ts';
import { record } from './record.ts';
import { claimSlot, claimTurn, type LineDeps } from './slot.ts';

const store = useDatabase();
const bus = createBus();

/** Workflow ids that were told to ask again, and how often Temporal was asked about runs. */
let told: string[];
let described: number;
/** What happens while Temporal is asked about a run, and whether the run has ended there. */
let onDescribe: (workflowId: string) => Promise<boolean>;
beforeEach(() => {
  told = [];
  described = 0;
  onDescribe = async () => false;
});
const temporal = {
  workflow: {
    getHandle: (workflowId: string) => ({
      signal: async () => void told.push(workflowId),
      cancel: async () => undefined,
      describe: async () => {
        described++;
        return (await onDescribe(workflowId)) ? { closeTime: new Date() } : {};
      },
    }),
  },
} as unknown as Client;

const open = new AbortController().signal;
const deps = (signal = open): LineDeps => ({ database: store.database(), temporal, lines: createLineGate(), signal });
const asks = (workflow: string, runId: string): Omit<SlotInput, 'onLimit'> => ({
  ...{
    workspace: 'a',
    workflow,
    runId: `${workflow}-${runId}`,
    workflowId: `w/${workflow}-${runId}`,
    key: '',
    limit: 1,
  },
  trigger: 'in',
});
const rowsOf = async (workflow: string) => {
  const { rows } = await store.inside((tx) =>
    tx.db.execute<{ run_id: string; held: boolean }>(
      sql`select run_id, held from slot where workflow = ${workflow} order by seq`,
    ),
  );
  return rows.map(({ run_id: runId, held }) => [runId.slice(workflow.length + 1), held]);
};
const end = (workflow: string, runId: string) =>
  record(
    { database: store.database(), temporal, bus, followed: hearFollowed(bus), log: { info: () => {}, warn: () => {} } },
    {
      ...runRecord({
        workflow,
        runId: `${workflow}-${runId}`,
        workflowId: `w/${workflow}-${runId}`,
        status: 'succeeded',
      }),
      endedAt: '2026-01-01T00:00:00.000Z',
      slot: true,
    },
  );

describe('a run that is dropped', () => {
  const claim = (workflow: string, runId: string, signal?: AbortSignal) =>
    claimSlot(deps(signal), { ...asks(workflow, runId), onLimit: 'drop' });

  it('leaves no trace in the line, and is counted', async () => {
    expect([await claim('d', '1'), await claim('d', '2')]).toEqual(['taken', 'drop']);
    expect(await rowsOf('d')).toEqual([['1', true]]);
    expect(await store.inside((tx) => recentCounts(tx, { workflow: 'd' }))).toMatchObject([
      { trigger: 'in', outcome: 'dropped', count: 1 },
    ]);
  });

  it('is not dropped by an attempt that comes late, once another attempt has taken a place', async () => {
    await claim('late', '1');
    onDescribe = async () => {
      onDescribe = async () => false;
      await end('late', '1');
      expect(await claim('late', '2')).toBe('taken');
      return false;
    };
    expect(await claim('late', '2')).toBe('taken');
    expect(await rowsOf('late')).toEqual([['2', true]]);
  });
});

describe('an attempt whose time is over', () => {
  it('changes nothing', async () => {
    const over = AbortSignal.abort(new Error('timed out'));
    const slot = claimSlot(deps(over), { ...asks('over', '1'), onLimit: 'queue' });
    await expect(slot).rejects.toThrow('timed out');
    const turn: TurnInput = { ...asks('over', '1'), perMs: 60_000, onLimit: 'queue' };
    await expect(claimTurn(deps(over), turn)).rejects.toThrow('timed out');
    const { rows } = await store.inside((tx) =>
      tx.db.execute(sql`select run_id from slot where workflow = 'over' union all
        select run_id from turn where workflow = 'over'`),
    );
    expect(rows).toEqual([]);
  });
});

describe('a place that is free', () => {
  const claim = (workflow: string, runId: string) => claimSlot(deps(), { ...asks(workflow, runId), onLimit: 'queue' });

  it('is given back in the transaction that notes the end of its run, and the next run is told', async () => {
    for (const runId of ['1', '2', '3']) await claim('end', runId);
    await end('end', '1');
    expect(await rowsOf('end')).toEqual([
      ['2', false],
      ['3', false],
    ]);
    expect(told).toEqual(['w/end-2']);
  });

  it('because its run ended while the database was away is for the next run, whoever finds out', async () => {
    for (const runId of ['1', '2', '3']) await claim('away', runId);
    onDescribe = async (workflowId) => workflowId === 'w/away-1';
    expect(await claim('away', '3')).toBe('wait');
    expect(told).toEqual(['w/away-2']);
    expect(await claim('away', '2')).toBe('taken');
  });

  it('because its run was terminated is for the next run, whoever finds out', async () => {
    for (const runId of ['1', '2', '3']) await claim('killed', runId);
    const endedAt = '2026-01-01T00:00:00.000Z';
    await store.inside((tx) => upsertRun(tx, runRecord({ runId: 'killed-1', workflowId: 'w/killed-1', endedAt })));
    expect(await claim('killed', '3')).toBe('wait');
    expect(told).toEqual(['w/killed-2']);
  });

  it('is looked for in Temporal only by runs near the head of the queue', async () => {
    for (let n = 0; n < 40; n++) await store.inside((tx) => takeSlot(tx, asks('crowd', String(n))));
    expect(await claim('crowd', '5')).toBe('wait');
    expect(described).toBe(1);
    expect(await claim('crowd', '39')).toBe('wait');
    expect(described).toBe(1);
  });
});
