import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../workflows/contract.ts';
import { withWorkspace } from '../../database.ts';
import { runRecord } from '../../testing/records.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { insertInlineRuns } from '../runs/inline-runs.ts';
import { closeRun, upsertRun } from '../runs/record-run.ts';
import type { ChangeCursor } from './cursor.ts';
import { noteChanges } from './note.ts';
import { type Change, changesNow, readChanges } from './read.ts';

const store = useDatabase();

/** Reads all that is there. */
async function readOn(after: ChangeCursor, limit = 100): Promise<{ changes: Change[]; next: ChangeCursor }> {
  const changes: Change[] = [];
  for (let cursor = after; ; ) {
    const page = (await store.inside((tx) => readChanges(tx, { after: cursor, limit })))!;
    changes.push(...page.changes);
    cursor = page.next;
    if (!page.isFull) return { changes, next: cursor };
  }
}
const now = () => store.inside(changesNow);
const said = ({ kind, runId, status, step, was }: Change) =>
  [kind, runId, status, step, was].filter((part) => part !== null).join(' ');

/** What records of a run tell, one after the other. */
async function told(...records: Partial<RunRecord>[]): Promise<string[]> {
  const from = await now();
  for (const record of records) await store.inside((tx) => upsertRun(tx, runRecord(record)));
  return (await readOn(from)).changes.map(said);
}

const endedAt = '2026-01-01T00:00:09.000Z';
const approval = (step: string) => ({
  step,
  kind: 'approval' as const,
  since: '2026-01-01T00:00:01.000Z',
  until: null,
});

describe('changes', () => {
  it('reach a reader once, although transactions end in another order than they began', async () => {
    let cursor = await now();
    const got: string[] = [];
    const written: string[] = [];
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const writer = async (name: number) => {
      for (let n = 0; n < 8; n++) {
        const ids = [`${name}.${n}.a`, `${name}.${n}.b`];
        const isUndone = (name + n) % 5 === 0;
        await withWorkspace(store.database(), 'a', async (tx) => {
          await noteChanges(tx, [{ kind: 'run.changed', runId: ids[0]! }]);
          await wait((name * 7 + n * 3) % 40);
          await noteChanges(tx, [{ kind: 'run.changed', runId: ids[1]! }]);
          if (isUndone) throw new Error('undone');
        }).catch(() => undefined);
        if (!isUndone) written.push(...ids);
      }
    };
    const writers = Promise.all([1, 2, 3].map(writer));
    let isWriting = true;
    void writers.then(() => {
      isWriting = false;
    });
    while (isWriting) {
      // Small pages break off in the middle of a transaction.
      const page = (await store.inside((tx) => readChanges(tx, { after: cursor, limit: 3 })))!;
      got.push(...page.changes.map(({ runId }) => runId!));
      cursor = page.next;
    }
    const rest = await readOn(cursor, 3);
    got.push(...rest.changes.map(({ runId }) => runId!));
    expect(got).toHaveLength(written.length);
    expect([...got].sort()).toEqual([...written].sort());
  });

  it('tell how a run goes: that it begins, changes and ends, each once', async () => {
    const run = { runId: 'r10' };
    expect(
      await told(
        run,
        { ...run, historyLength: 5, status: 'waiting', waits: [approval('ask')] },
        { ...run, historyLength: 6, status: 'waiting', waits: [approval('ask'), approval('also')] },
        { ...run, historyLength: 9, status: 'succeeded', endedAt },
        { ...run, historyLength: 9, status: 'succeeded', endedAt },
        { ...run, historyLength: 2 },
      ),
    ).toEqual([
      'run.started r10 running',
      'run.changed r10 waiting',
      'approval.opened r10 waiting ask',
      'run.changed r10 waiting',
      'approval.opened r10 waiting also',
      'run.ended r10 succeeded',
      'approval.closed r10 succeeded ask',
      'approval.closed r10 succeeded also',
    ]);
  });

  it('tell only the end of a run whose record comes first then, and what it was if it ends otherwise', async () => {
    const run = { runId: 'r11', historyLength: 3, endedAt };
    expect(await told({ ...run, status: 'terminated' }, { ...run, historyLength: 4, status: 'failed' })).toEqual([
      'run.ended r11 terminated',
      'run.ended r11 failed terminated',
    ]);
  });

  it('tell of runs that the reconciler closes, and of runs without Temporal', async () => {
    await told({ runId: 'r12', waits: [approval('ask')] });
    const from = await now();
    const end = { runId: 'r12', status: 'terminated' as const, output: null, error: null, endedAt };
    await store.inside((tx) => closeRun(tx, end));
    await store.inside((tx) => closeRun(tx, end));
    const record = runRecord({ runId: 'r13', status: 'succeeded', endedAt });
    for (const _ of [1, 2])
      await store.inside((tx) => insertInlineRuns(tx, [{ record, response: null, bodyHash: null, graph: null }]));
    expect((await readOn(from)).changes.map(said)).toEqual([
      'run.ended r12 terminated',
      'approval.closed r12 ask',
      'run.ended r13 succeeded',
    ]);
  });

  it('come in the order in which they were noted, however many are noted at once', async () => {
    const from = await now();
    const [runId, workflow, status] = ['r14', 'w', 'cancelled'] as const;
    const steps = Array.from({ length: 14_000 }, (_, i) => `ask${i}`);
    const closed = steps.map((step) => ({ kind: 'approval.closed', runId, workflow, step, status }) as const);
    await store.inside((tx) => noteChanges(tx, closed));
    expect((await readOn(from, 5_000)).changes.map(({ step }) => step)).toEqual(steps);
  });

  it('stay in their workspace', async () => {
    const from = await now();
    await store.inside((tx) => noteChanges(tx, [{ kind: 'draft.changed', workflow: 'w' }]), 'b');
    expect((await readOn(from)).changes).toEqual([]);
  });

  it('cannot be read from a place that the database has not reached', async () => {
    const { next } = await now();
    expect(await store.inside((tx) => readChanges(tx, { after: { next: next + 1_000_000, open: [] }, limit: 1 }))).toBe(
      null,
    );
  });

  it('are found by the key, however many there are', async () => {
    await store.inside(async (tx) => {
      await tx.db.execute(sql`insert into change (workspace_id, xid, kind)
        select 'a', n, 'run.changed' from generate_series(1, 200000) as n`);
    });
    const client = new Client({ connectionString: store.url() });
    await client.connect();
    await client.query('analyze change');
    await client.end();
    const plan = await store.inside(async (tx) => {
      const { next } = await changesNow(tx);
      return tx.db.execute<{ 'QUERY PLAN': string }>(sql`explain select xid, seq from change
        where workspace_id = ${tx.workspace} and xid >= ${next}::bigint and xid <> -1 order by xid, seq limit 500`);
    });
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(
      /Index (Only )?Scan using change_workspace_id_xid_seq_pk/,
    );
  });
});
