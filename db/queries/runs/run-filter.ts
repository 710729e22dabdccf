/** How a filter of runs is answered: which index is read, and what is left to look at. */
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { RunStatus } from '../../../graph/run-state/state/types.ts';
import type { WaitRecord } from '../../../workflows/contract.ts';
import type { Tenant } from '../../database.ts';
import { control, run, runMonth, runTerm, wait } from '../../schema/index.ts';
import { soughtWords } from '../workflows/word-list.ts';
import { codeColumn } from './run-columns.ts';
import { keyTerm, labelTerm, wordTerm } from './terms.ts';

/** Which runs are listed: those that fit all that is given. */
export interface RunFilter {
  readonly workflow?: string | undefined;
  readonly version?: number | undefined;
  readonly status?: RunStatus | undefined;
  /** Id of the trigger. */
  readonly trigger?: string | undefined;
  /** Type of the trigger: `schedule`. */
  readonly uses?: string | undefined;
  /** Code of the error. */
  readonly error?: string | undefined;
  /** Words of the error. */
  readonly text?: string | undefined;
  readonly key?: string | undefined;
  readonly label?: string | undefined;
  /** Id of the run that called it. */
  readonly parent?: string | undefined;
  /** What it waits for. */
  readonly waits?: WaitRecord['kind'] | undefined;
  /** It started at this time, or later. */
  readonly from?: string | undefined;
  /** It started before this time. */
  readonly to?: string | undefined;
  /** It was not repeated: what it did is not done already. */
  readonly notRepeated?: boolean | undefined;
}

/** A place in the list. */
export interface RunCursor {
  readonly startedAt: string;
  readonly id: string;
}

/** Where a page begins, and to which side it goes. */
export interface Side {
  readonly to: 'older' | 'newer';
  /** Absent: at the end of the list on the other side. */
  readonly of?: RunCursor | undefined;
}

/**
 * Most rows of runs that one page looks at. Beyond that, the page says where it has come to: a filter that few runs fit costs
 * many short pages, and never one that takes a second.
 */
export const LOOKED_AT = 4_000;
/** The same for runs that another index names: each of them is looked up, which takes several times as long. */
export const LOOKED_UP = 1_000;

/** How a filter is answered. */
export interface Walk {
  /** Most rows that a page or a count looks at. */
  readonly most: number;
  /** Reads rows in the order of the list from one index. They are to be called `run`. */
  readonly rows: (columns: SQL, side: Side, limit: number) => SQL;
  /** What the rows have to fit besides; undefined: nothing. */
  readonly rest: SQL | undefined;
  /**
   * The same rows without looking runs up, as far as another index knows them. Counts read these. Absent: what is asked
   * for is in the rows of runs.
   */
  readonly places?: Places | undefined;
}
type Places = (side: Side, limit: number) => SQL;

/** Chooses the index: that of the part of the filter which few runs fit. */
export function planOf(tx: Tenant, { notRepeated, ...filter }: RunFilter): Walk {
  const walk = walkOf(tx, filter);
  return notRepeated ? { ...walk, rest: and(walk.rest, isNotRepeated(tx)) } : walk;
}

/** No re-run of it has begun. */
const isNotRepeated = (tx: Tenant): SQL => sql`not exists (select from ${control}
  where ${control.workspaceId} = ${tx.workspace} and ${control.runId} = run.id
    and ${control.action} = 'rerun' and ${control.outcome} = 'done')`;

function walkOf(tx: Tenant, filter: RunFilter): Walk {
  const [term, ...terms] = termsOf(filter);
  const columns = columnsOf(filter);
  // A run that another index names may be kept with another time by now, and then is no row.
  const isThere = sql`true`;
  const lookedUp = (places: Places, withMonth: Places, others: SQL[]): Walk => ({
    most: LOOKED_UP,
    rows: (wanted, side, limit) => found(tx, wanted, side, withMonth(side, limit)),
    rest: and(isThere, ...columns, ...others),
    places: columns.length === 0 ? places : undefined,
  });
  if (term !== undefined) {
    const places = placesOfTerm(tx, filter, term);
    return lookedUp(
      places,
      places,
      terms.map((one) => hasTerm(tx, one)),
    );
  }
  if (filter.waits !== undefined) {
    const places = placesThatWait(tx, filter, filter.waits);
    return lookedUp(places, inTheirMonth(tx, places), []);
  }
  const { indexed, others } = indexOf(filter);
  return { most: LOOKED_AT, rows: rowsOfRuns(tx, filter, indexed), rest: and(...columnsOf(others)) };
}

/** By what is indexed apart from the rows of runs. */
const termsOf = ({ key, label, text }: RunFilter): string[] => [
  ...(key === undefined ? [] : [keyTerm(key)]),
  ...(label === undefined ? [] : [labelTerm(label)]),
  ...(text === undefined ? [] : textTerms(text)),
];

/** A text without words is found nowhere. */
const textTerms = (text: string): string[] => {
  const words = soughtWords(text);
  return (words.length === 0 ? [''] : words).map(wordTerm);
};

/** Each index of runs is in the order of the list, and so serves any times besides. */
function indexOf(filter: RunFilter): { indexed: SQL | undefined; others: RunFilter } {
  const { workflow, status, error, parent, ...others } = filter;
  if (parent !== undefined)
    return { indexed: eq(run.parentId, parent), others: { ...others, workflow, status, error } };
  if (error !== undefined) return { indexed: and(...columnsOf({ error })), others: { ...others, workflow, status } };
  if (workflow !== undefined || status !== undefined)
    return { indexed: and(...columnsOf({ workflow, status })), others };
  return { indexed: undefined, others };
}

/** The parts of a filter that are columns of runs. */
const columnsOf = (filter: RunFilter): SQL[] =>
  [
    filter.workflow === undefined ? undefined : eq(run.workflow, filter.workflow),
    filter.version === undefined ? undefined : eq(run.version, filter.version),
    filter.status === undefined ? undefined : eq(run.status, filter.status),
    filter.trigger === undefined ? undefined : eq(run.triggerId, filter.trigger),
    filter.uses === undefined ? undefined : eq(run.uses, filter.uses),
    filter.error === undefined ? undefined : eq(run.errorCode, codeColumn(filter.error)),
    filter.parent === undefined ? undefined : eq(run.parentId, filter.parent),
  ].filter((one) => one !== undefined);

const rowsOfRuns =
  (tx: Tenant, filter: RunFilter, indexed: SQL | undefined): Walk['rows'] =>
  (columns, side, limit) =>
    sql`
    select ${columns} from ${run}
    where ${and(eq(run.workspaceId, tx.workspace), indexed, between(filter, side, PLACE_OF_RUN), since(filter))}
    order by ${inOrder(side)} limit ${limit}`;

const placesOfTerm =
  (tx: Tenant, filter: RunFilter, term: string): Places =>
  (side, limit) =>
    sql`
    select ${runTerm.startedAt}, ${runTerm.runId} as id, ${runTerm.month} from ${runTerm}
    where ${and(eq(runTerm.workspaceId, tx.workspace), eq(runTerm.term, term), between(filter, side, PLACE_OF_TERM))}
    order by ${inOrder(side, PLACE_OF_TERM)} limit ${limit}`;

const placesThatWait =
  (tx: Tenant, filter: RunFilter, kind: WaitRecord['kind']): Places =>
  (side, limit) =>
    sql`
    select ${wait.runStartedAt} as started_at, ${wait.runId} as id from ${wait}
    where ${and(eq(wait.workspaceId, tx.workspace), eq(wait.kind, kind), isNotNull(wait.runStartedAt))}
      and ${between(filter, side, PLACE_OF_WAIT) ?? sql`true`}
    order by ${inOrder(side, PLACE_OF_WAIT)} limit ${limit}`;

/** Adds the month under which a run is kept, which waits do not know. */
const inTheirMonth =
  (tx: Tenant, places: Places): Places =>
  (side, limit) =>
    sql`
    select place.*, home.month from (${places(side, limit)}) as place cross join lateral (select month from ${runMonth}
      where ${runMonth.workspaceId} = ${tx.workspace} and ${runMonth.runId} = place.id offset 0) as home`;

/**
 * The rows of runs that another index has found. `offset 0` keeps the planner from looking for them in another way, and the
 * conditions behind it tell the planner that they come in order.
 */
const found = (tx: Tenant, columns: SQL, side: Side, places: SQL): SQL => sql`
  select run.* from (${places}) as place join lateral (
    select ${columns} from ${run} where ${run.workspaceId} = ${tx.workspace} and ${run.id} = place.id
      and ${run.month} = place.month offset 0) as run on run.started_at = place.started_at and run.id = place.id
  order by ${inOrder(side)}`;

const hasTerm = (tx: Tenant, term: string): SQL => sql`exists (select from ${runTerm}
  where ${runTerm.workspaceId} = ${tx.workspace} and ${runTerm.term} = ${term} and ${runTerm.startedAt} = run.started_at
    and ${runTerm.runId} = run.id and ${runTerm.month} = run.month)`;

/** The columns by which an index is sorted. */
interface Place {
  readonly startedAt: SQL;
  readonly id: SQL;
}
const PLACE_OF_RUN: Place = { startedAt: sql`${run.startedAt}`, id: sql`${run.id}` };
const PLACE_OF_TERM: Place = { startedAt: sql`${runTerm.startedAt}`, id: sql`${runTerm.runId}` };
const PLACE_OF_WAIT: Place = { startedAt: sql`${wait.runStartedAt}`, id: sql`${wait.runId}` };

/** The order in which a page is read: that of the list, or the other way round. */
export const inOrder = ({ to }: Side, { startedAt, id }: Place = PLACE_OF_RUN): SQL =>
  to === 'older' ? sql`${startedAt} desc, ${id} desc` : sql`${startedAt} asc, ${id} asc`;

/** Within the times of the filter, and beyond the place where the page begins. */
function between({ from, to }: RunFilter, side: Side, { startedAt, id }: Place): SQL | undefined {
  const beyond = side.of && sql`(${side.of.startedAt}::timestamptz, ${side.of.id})`;
  return and(
    from === undefined ? undefined : sql`${startedAt} >= ${from}::timestamptz`,
    to === undefined ? undefined : sql`${startedAt} < ${to}::timestamptz`,
    beyond && (side.to === 'older' ? sql`(${startedAt}, ${id}) < ${beyond}` : sql`(${startedAt}, ${id}) > ${beyond}`),
  );
}

/** Runs that started within the times of a filter. */
export const startedWithin = (filter: RunFilter): SQL | undefined =>
  and(between(filter, { to: 'older' }, PLACE_OF_RUN), since(filter));

/** A run is kept under the month in which it started, or a later one: earlier partitions need not be read. */
const since = ({ from }: RunFilter): SQL | undefined =>
  from === undefined
    ? undefined
    : sql`${run.month} >= date_trunc('month', ${from}::timestamptz - interval '1 day')::date`;
