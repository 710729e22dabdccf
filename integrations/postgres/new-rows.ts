import type { Json, JsonObject } from '../../graph/json.ts';
import type { PollContext } from '../context.ts';
import { MAX_POLLED, type Polled, type PollRequest } from '../define-trigger.ts';
import { toMs } from '../schema.ts';
import { shortHash } from '../watching/seen.ts';
import { advance, newTrail, seenOf, type Trail } from '../watching/trail.ts';
import { input } from './input.ts';
import { runQuery } from './run-query.ts';

/** Where a row is: its values of the cursor column and of the key column, as the server writes them. */
type Place = [position: string, key: string];

/** Where a watch of a query is. */
export type RowCursor = Trail<Place>;

/** What to look at. */
interface Watched {
  readonly sql: string;
  readonly params: readonly Json[];
  readonly cursor: string;
  readonly key: string;
  readonly late: string;
}

/** A row of the author's query, and where it is. */
interface Row {
  readonly place: Place;
  readonly row: JsonObject;
}

/** Names of the two columns that are added to the author's. */
const POSITION = 'blok position';
const KEY = 'blok key';

/** How much of the end is remembered at first: what is inserted there later was not committed yet. */
const FIRST = 1_000;

/** Takes the rows of a query that were not there before, in the order of the cursor column. */
export async function newRows(
  ctx: PollContext,
  { with: watched, cursor, from }: PollRequest<Watched, RowCursor>,
): Promise<Polled<JsonObject, RowCursor>> {
  const now = Date.now();
  if (cursor === null && from === 'now') return { items: [], cursor: await fromNow(ctx, watched, now) };
  const trail = cursor ?? newTrail<Place>(null);
  const seen = seenOf(trail);
  const found = await select(ctx, watched, { after: trail.done, limit: MAX_POLLED + seen.size + 1 });
  const fresh = found.filter(({ place }) => !seen.has(shortHash(...place)));
  const taken = fresh.slice(0, MAX_POLLED);
  const end = taken.at(-1);
  const look = end && { at: now, end: end.place, seen: taken.map(({ place }) => shortHash(...place)) };
  return {
    items: taken.map(({ place: [position, key], row }) => ({
      key: watched.cursor === watched.key ? key : `${key}@${position}`,
      item: row,
    })),
    cursor: advance(trail, look ?? null, { now, lateMs: toMs(watched.late) }),
    more: fresh.length > taken.length,
  };
}

async function fromNow(ctx: PollContext, watched: Watched, now: number): Promise<RowCursor> {
  const last = (await select(ctx, watched, { after: null, limit: FIRST, descending: true })).toReversed();
  const oldest = last[0];
  const end = last.at(-1);
  if (!oldest || !end) return newTrail<Place>(null);
  const seen = last.map(({ place }) => shortHash(...place)).join('');
  // Before the oldest of them there may be more, which is done with.
  const done = last.length < FIRST ? null : oldest.place;
  return { done, looks: [{ at: now, end: end.place, seen }] };
}

/**
 * Leaves out times that are still to come: a watch that went there would pass over all rows before them. A time without a zone
 * may be that of any zone, which is less than a day ahead.
 */
const hasCome = (position: string): string =>
  `case pg_typeof(${position})::text
    when 'timestamp with time zone' then ${position}::text::timestamptz <= now()
    when 'timestamp without time zone' then ${position}::text::timestamp <= localtimestamp + interval '1 day'
    when 'date' then ${position}::text::date <= current_date + 1
    else true end`;

async function select(
  ctx: PollContext,
  { sql, params, cursor, key }: Watched,
  { after, limit, descending = false }: { after: Place | null; limit: number; descending?: boolean },
): Promise<Row[]> {
  const [position, id] = [cursor, key].map((name) => `q."${name.replaceAll('"', '""')}"`);
  const direction = descending ? 'desc' : 'asc';
  const next = params.length + 1;
  const isLater = after ? `and (${position}, ${id}) > ($${next}, $${next + 1})` : '';
  const columns = descending ? '' : 'q.*, ';
  const text = [
    `select ${columns}${position}::text as "${POSITION}", ${id}::text as "${KEY}" from (`,
    // A comment at the end of the author's query ends with its line.
    sql.replace(/[\s;]+$/, ''),
    `) as q where ${position} is not null and ${id} is not null and ${hasCome(position!)} ${isLater}`,
    `order by ${position} ${direction}, ${id} ${direction} limit ${limit}`,
  ].join('\n');
  const { rows } = await runQuery(
    ctx,
    input.parse({ sql: text, params: [...params, ...(after ?? [])], readOnly: true, maxRows: limit }),
  );
  return rows.map(({ [POSITION]: at, [KEY]: own, ...row }) => ({ place: [String(at), String(own)], row }));
}
