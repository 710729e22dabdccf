/** The words by which runs are found. */
import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { RunError } from '../../../graph/run-state/state/types.ts';
import type { RunRecord } from '../../../workflows/contract.ts';
import type { Tenant } from '../../database.ts';
import { run, runTerm } from '../../schema/index.ts';
import { escapeText } from '../../text.ts';
import { wordsOf } from '../workflows/word-list.ts';
import { inMonthOf, lockMonth } from './month.ts';
import { errorSummary } from './run-columns.ts';

/** Most words of one text: those of an error. */
const MOST_WORDS = 60;

/** Longest key that is kept whole. */
const LONGEST_KEY = 255;

/** A word of a text, as it is stored. */
export const wordTerm = (word: string): string => `w:${word}`;

/** The key of a run, as it is stored. Longer keys are told apart by their beginnings. */
export const keyTerm = (key: string): string => `k:${escapeText(key.slice(0, LONGEST_KEY))}`;

/** A label that somebody has given to a run, as it is stored. */
export const labelTerm = (label: string): string => `l:${label}`;

/** What is found by the words of the text of an error. */
export const errorTerms = (error: RunError | null): string[] =>
  error === null
    ? []
    : wordsOf([error.code, errorSummary(error).message])
        .slice(0, MOST_WORDS)
        .map(wordTerm);

/** By what a run is found: its key, and the words of its error. */
export const termsOf = ({ error, trigger }: Pick<RunRecord, 'error' | 'trigger'>): string[] => [
  ...(typeof trigger.key === 'string' ? [keyTerm(trigger.key)] : []),
  ...errorTerms(error),
];

/** A run, and by what it is found. */
interface Found {
  readonly runId: string;
  readonly startedAt: string;
  readonly terms: readonly string[];
}

/** Adds terms of a run whose month is in `home`, the name of a query. */
export const insertTerms = (tx: Tenant, { runId, startedAt, terms }: Found, home: SQL): SQL => sql`
  insert into ${runTerm} (workspace_id, term, started_at, run_id, month)
  select ${tx.workspace}, term, ${startedAt}::timestamptz, ${runId}, home.month
  from ${home} as home, unnest(${sql.param([...new Set(terms)])}::text[]) as term
  on conflict do nothing`;

/** Adds terms of a run that is kept in this month. */
export async function addTerms(tx: Tenant, found: Found & { readonly month: string }): Promise<void> {
  if (found.terms.length === 0) return;
  await tx.db.execute(insertTerms(tx, found, sql`(select ${found.month}::date as month)`));
}

/** Gives a run labels, besides those that it has. Returns false if the run is not known. */
export async function addLabels(
  tx: Tenant,
  { runId, labels }: { runId: string; labels: readonly string[] },
): Promise<boolean> {
  await lockMonth(tx, runId);
  const [row] = await tx.db
    .select({ runId: run.id, startedAt: run.startedAt, month: run.month })
    .from(run)
    .where(and(eq(run.workspaceId, tx.workspace), eq(run.id, runId), inMonthOf(tx, runId, run.month)));
  if (!row) return false;
  await addTerms(tx, { ...row, terms: labels.map(labelTerm) });
  return true;
}

/** Takes labels from a run. */
export async function removeLabels(
  tx: Tenant,
  { runId, labels }: { runId: string; labels: readonly string[] },
): Promise<void> {
  await lockMonth(tx, runId);
  const those = inArray(runTerm.term, labels.map(labelTerm));
  await tx.db.delete(runTerm).where(and(ofRun(tx, runId), those));
}

/** The labels of a run, by name. */
export async function labelsOf(tx: Tenant, { runId }: { runId: string }): Promise<string[]> {
  const rows = await tx.db
    .select({ term: runTerm.term })
    .from(runTerm)
    .where(and(ofRun(tx, runId), sql`${runTerm.term} >= 'l:' and ${runTerm.term} < 'l;'`))
    .orderBy(asc(runTerm.term));
  return rows.map(({ term }) => term.slice('l:'.length));
}

const ofRun = (tx: Tenant, runId: string) =>
  and(eq(runTerm.workspaceId, tx.workspace), eq(runTerm.runId, runId), inMonthOf(tx, runId, runTerm.month));
