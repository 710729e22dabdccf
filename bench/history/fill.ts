import { once } from 'node:events';
import type { Writable } from 'node:stream';
import postgres from 'postgres';
import { PARTITIONED } from '../../db/index.ts';
import { type Amount, historyOf, type RunLines } from './rows.ts';

/** The tables in the order in which `rows.ts` gives their columns. */
const TABLES: readonly (readonly [keyof RunLines, string])[] = [
  ['runMonth', 'run_month (workspace_id, run_id, month)'],
  [
    'run',
    `run (workspace_id, id, month, workflow_id, temporal_run_id, segment, history_length, workflow, version, trigger,
      trigger_id, uses, status, error, error_code, started_at, ended_at, depth, parent_id)`,
  ],
  ['payload', 'run_payload (workspace_id, run_id, month, trigger, input, output)'],
  ['terms', 'run_term (workspace_id, term, started_at, run_id, month)'],
  [
    'steps',
    `step (workspace_id, run_id, month, path, segment, history_length, seq, node, type, label, status, port, attempts,
      input, output, output_ref, error, started_at, ended_at)`,
  ],
  ['waits', 'wait (workspace_id, run_id, seq, step, kind, event, key, until, since, detail, run_started_at)'],
];

/** Bytes that are gathered before they are sent. */
const CHUNK = 1 << 20;

/**
 * Fills a migrated database with a year of runs, a partition for each month, as a database has them that was there all
 * the time.
 *
 * @param url of a user who is above row-level security
 */
export async function fillHistory(url: string, amount: Amount, workspace: string): Promise<void> {
  const owner = postgres(url, { max: TABLES.length, onnotice: () => {} });
  try {
    await splitByMonth(owner);
    const copies = await Promise.all(TABLES.map(async ([part, table]) => copyInto(owner, part, table)));
    for (const lines of historyOf(amount, workspace, Date.now()))
      for (const copy of copies) if (copy.add(lines)) await copy.drained();
    await Promise.all(copies.map((copy) => copy.end()));
    await owner`vacuum (analyze) run, run_payload, run_term, step, run_month, wait`;
  } finally {
    await owner.end();
  }
}

/** Makes partitions of the months before this one in place of the first one, which is empty. */
async function splitByMonth(owner: postgres.Sql): Promise<void> {
  for (const table of PARTITIONED) {
    await owner.unsafe(`drop table ${table}_first`);
    for (let ago = 13; ago >= 0; ago--) {
      const [month] = await owner<{ from: string; to: string; name: string }[]>`
        select (date_trunc('month', now()) - ${ago} * interval '1 month')::date::text as from,
          (date_trunc('month', now()) - ${ago - 1} * interval '1 month')::date::text as to,
          to_char(date_trunc('month', now()) - ${ago} * interval '1 month', 'YYYY_MM') as name`;
      await owner.unsafe(
        `create table ${table}_${month!.name} partition of ${table} for values from ('${month!.from}') to ('${month!.to}')`,
      );
    }
  }
}

/** One `COPY`, fed a chunk at a time. */
async function copyInto(owner: postgres.Sql, part: keyof RunLines, table: string) {
  const stream: Writable = await owner.unsafe(`copy ${table} from stdin`).writable();
  let text = '';
  return {
    /** Whether to wait before more is added. */
    add: (lines: RunLines): boolean => {
      text += lines[part];
      if (text.length < CHUNK) return false;
      const isRoom = stream.write(text);
      text = '';
      return !isRoom;
    },
    drained: () => once(stream, 'drain'),
    end: async () => {
      stream.end(text);
      await once(stream, 'finish');
    },
  };
}
