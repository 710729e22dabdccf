import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { cell } from '../schema/index.ts';
import { parseKeyring } from '../secrets/keyring.ts';
import { sweep } from '../testing/sweep.ts';
import { useDatabase } from '../testing/tenants.ts';
import { LARGEST_CELL, readCell, writeCell } from './cells.ts';

const store = useDatabase();
const keyring = parseKeyring(randomBytes(32).toString('base64'));
const at = (step: string, attempt = 1, runId = 'r') => ({
  idempotencyKey: `a/w/call/${runId}/${step}`,
  runId,
  attempt,
  keyring,
});
const read = (given: ReturnType<typeof at>, workspace?: string) => store.inside((tx) => readCell(tx, given), workspace);
const write = (given: ReturnType<typeof at>, value: unknown) =>
  store.inside((tx) => writeCell(tx, { ...given, value: value as never }));

describe('the cell of a step', () => {
  it('is empty, and then holds what was written, for every later attempt', async () => {
    expect(await read(at('kept'))).toBeNull();
    for (const value of [{ draft: 'd-1' }, null, 'a\u0000b\ud800', [1, 2]]) {
      await write(at('kept'), value);
      expect(await read(at('kept'))).toEqual({ value });
    }
    expect(await read(at('kept', 2))).toEqual({ value: [1, 2] });
    expect(await read(at('other'))).toBeNull();
  });

  it('belongs to one workspace', async () => {
    await write(at('mine'), 'of a');
    expect(await read(at('mine'), 'b')).toBeNull();
  });

  it('is not written by an attempt that a later one has replaced, even if that one only looked', async () => {
    expect(await read(at('fenced', 2))).toBeNull();
    await expect(write(at('fenced', 1), 'late')).rejects.toMatchObject({ code: 'cell.superseded' });
    await write(at('fenced', 2), 'kept');
    await expect(read(at('fenced', 1))).rejects.toMatchObject({ code: 'cell.superseded' });
    expect(await read(at('fenced', 3))).toEqual({ value: 'kept' });
  });

  it('gives attempts that run at the same time one value, or stops them', async () => {
    for (let round = 0; round < 10; round++) {
      const attempt = async (n: number) => {
        const found = await read(at(`raced-${round}`, n));
        if (found) return found.value;
        await write(at(`raced-${round}`, n), n);
        return n;
      };
      const outcomes = await Promise.allSettled([attempt(1), attempt(2), attempt(1), attempt(2)]);
      const values = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(new Set(values)).toEqual(new Set([(await read(at(`raced-${round}`, 3)))?.value]));
    }
  });

  it('refuses what is too large, and keeps nothing readable in the table', async () => {
    await write(at('large'), 'x'.repeat(LARGEST_CELL - 2));
    await expect(write(at('large'), 'x'.repeat(LARGEST_CELL))).rejects.toMatchObject({ code: 'cell.tooLarge' });
    await write(at('secret'), { session: 'https://upload.example/CANARY' });
    const rows = await store.inside((tx) => tx.db.select().from(cell));
    expect(rows.map(({ ciphertext }) => Buffer.from(ciphertext ?? []).toString('latin1')).join()).not.toContain(
      'CANARY',
    );
  });

  it('cannot be moved to another step by whoever writes rows', async () => {
    await write(at('from'), 'a');
    await write(at('to'), 'b');
    await store.inside((tx) =>
      tx.db.execute(sql`update cell as t set nonce = f.nonce, ciphertext = f.ciphertext from cell f
        where f.key = encode(sha256('a/w/call/r/from'), 'hex') and t.key = encode(sha256('a/w/call/r/to'), 'hex')`),
    );
    await expect(read(at('to'))).rejects.toMatchObject({ code: 'connection.unreadable' });
  });

  it('goes when its run has ended, and stays while the run is open', async () => {
    for (const [id, ended] of [
      ['open', false],
      ['ended', true],
    ] as const) {
      await write(at('s', 1, id), id);
      await store.inside((tx) =>
        tx.db.execute(sql`insert into run (workspace_id, id, month, workflow_id, temporal_run_id, segment, history_length,
          workflow, trigger, status, started_at, ended_at) values ('a', ${id}, now(), ${`a/w/call/${id}`}, '',
          0, 0, 'w', '{}', 'running', now() - interval '30 days', ${ended ? sql`now() - interval '2 days'` : sql`null`})`),
      );
    }
    await store.inside((tx) =>
      tx.db.execute(sql`insert into run_month (workspace_id, run_id, month) select workspace_id, id, month from run`),
    );
    await store.inside((tx) => tx.db.update(cell).set({ writtenAt: sql`now() - interval '20 days'` as never }));
    await store.inside(sweep);
    expect(await read(at('s', 2, 'open'))).toEqual({ value: 'open' });
    expect(await read(at('s', 2, 'ended'))).toBeNull();
  });
});
