import { isDeepStrictEqual } from 'node:util';
import postgres from 'postgres';
import { until } from '../../embedded/process/wait.ts';
import { hasEffect, rightOutput } from './mix.ts';
import type { Sent } from './traffic.ts';

/** How long what is still under way may take to end. */
const QUIET_WITHIN_MS = 120_000;

/** A run in the database. */
export interface Run {
  readonly id: string;
  readonly status: string;
  /** What it was started with; a run that is no row of the mix has another input. */
  readonly input: { readonly number?: number } | null;
  readonly output: unknown;
}

/** What became of the requests, by their numbers. */
export interface Ends {
  /** Accepted, but there is no run, or one that has not ended. */
  readonly lost: readonly number[];
  /** A run that failed, or returned something else. */
  readonly wrong: readonly number[];
  /** More than one run. */
  readonly doubled: readonly number[];
  /** An effect that did not happen although its run succeeded, or that happened more than once. */
  readonly effects: readonly number[];
  /** Runs that nobody asked for, by their ids. */
  readonly strangers: readonly string[];
}

/** Waits until every run has ended and as many as were accepted are there, or for two minutes. @returns all runs */
export async function readRuns(databaseUrl: string, accepted: number): Promise<Run[]> {
  const owner = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const isQuiet = async () => {
      const [count] = await owner<{ ended: number; open: number }[]>`
        select count(*) filter (where ended_at is not null)::int as ended,
          count(*) filter (where ended_at is null)::int as open
        from run`;
      return count!.open === 0 && count!.ended >= accepted;
    };
    await until(isQuiet, { withinMs: QUIET_WITHIN_MS, everyMs: 1_000 });
    return await owner<Run[]>`
      select run.id, run.status, payload.input::jsonb as input, payload.output::jsonb as output
      from run left join run_payload payload
        on payload.workspace_id = run.workspace_id and payload.run_id = run.id and payload.month = run.month`;
  } finally {
    await owner.end();
  }
}

/** Compares what was sent with the runs in the database and the calls that the service outside has counted. */
export function endsOf(sent: readonly Sent[], runs: readonly Run[], kept: ReadonlyMap<string, number>): Ends {
  const byNumber = Map.groupBy(runs, ({ input }) => input?.number);
  const runsOf = ({ number }: Sent): readonly Run[] => byNumber.get(number) ?? [];
  const numbers = (has: (one: Sent) => boolean) => sent.filter(has).map(({ number }) => number);
  const known = new Set(sent.map(({ number }) => number));
  return {
    lost: numbers((one) => one.isAccepted && !runsOf(one).some(hasEnded)),
    wrong: numbers((one) => runsOf(one).some((run) => hasEnded(run) && !isRight(one.number, run))),
    doubled: numbers((one) => runsOf(one).length > 1),
    effects: numbers((one) => {
      const calls = kept.get(String(one.number)) ?? 0;
      const isDone = runsOf(one).some(({ status }) => status === 'succeeded');
      return hasEffect(one.kind) ? calls > 1 || (isDone && calls === 0) : calls > 0;
    }),
    strangers: runs.filter(({ input }) => !known.has(input?.number ?? Number.NaN)).map(({ id }) => id),
  };
}

const hasEnded = ({ status }: Run): boolean => status !== 'running' && status !== 'waiting';

const isRight = (number: number, { status, output }: Run): boolean =>
  status === 'succeeded' && isDeepStrictEqual(output, rightOutput(number));
