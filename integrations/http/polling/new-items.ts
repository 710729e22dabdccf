import { setImmediate } from 'node:timers/promises';
import type { Json, JsonObject } from '../../../graph/json.ts';
import type { PollContext } from '../../context.ts';
import { MAX_POLLED, type Polled, type PolledItem, type PollRequest } from '../../define-trigger.ts';
import { NodeError } from '../../error.ts';
import { readSeen, type Seen, shortHash, writeSeen } from '../../watching/seen.ts';
import { input } from '../input.ts';
import { at } from '../paging/path.ts';
import { send } from '../send.ts';
import { type Compute, expressions } from './expressions.ts';
import type { PollParameters } from './parameters.ts';

/** Where a watch of a list is. */
export type ListCursor = {
  /** Hashes of keys. */
  readonly seen: Seen;
  /** What the service is told. Absent: nothing yet. */
  readonly position?: Json;
  /** Not all of what was there when the watch began has been seen. */
  readonly isBeginning?: boolean;
};

/** Keys that are remembered of items that are no longer in the answer. */
const REMEMBERED = 2_000;

/** Keys are computed for this long at a time, in milliseconds. Then the others in the process get a turn. */
const SLICE_MS = 10;

/** Takes the items of a list that were not there before. */
export async function newItems(
  ctx: PollContext,
  { with: given, cursor, from }: PollRequest<PollParameters, ListCursor>,
): Promise<Polled<Json, ListCursor>> {
  const compile = expressions();
  const body = await fetchList(ctx, given, cursor?.position);
  const items = await keyed(listIn(body, given), compile('key', given.key));
  const known = readSeen(cursor?.seen ?? '');
  const isBeginning = cursor === null ? from === 'now' : cursor.isBeginning === true;
  const unknown = isBeginning ? [] : distinct(items).filter(({ key }) => !known.has(shortHash(key)));
  const taken = unknown.slice(0, MAX_POLLED);
  const left = unknown.slice(MAX_POLLED);
  const scope = { item: items.at(-1)?.item ?? null, input: body, state: cursor?.position ?? null };
  // What is left is in the answer to the same question.
  const position = left.length > 0 ? cursor?.position : positionAfter(given, compile, scope);
  const says = given.more !== undefined && compile('more', given.more)(scope) === true;
  const moved = JSON.stringify(position) !== JSON.stringify(cursor?.position);
  const more = left.length > 0 || (says && moved);
  const leftKeys = new Set(left.map(({ key }) => key));
  const latest = items.filter(({ key }) => !leftKeys.has(key)).map(({ key }) => shortHash(key));
  const seen = writeSeen(latest, known, REMEMBERED);
  return {
    items: taken,
    cursor: { seen, ...(position !== undefined && { position }), ...(isBeginning && more && { isBeginning }) },
    more,
  };
}

async function fetchList(ctx: PollContext, given: PollParameters, position: Json | undefined): Promise<Json> {
  const { url, method, query, headers, json, parameter, field, maxBytes } = given;
  if (position !== undefined && parameter !== undefined && typeof position === 'object') {
    throw new NodeError('http.poll', '"cursor" gives a list or an object, which only a "field" of the body can take.');
  }
  const asked = {
    ...{ url, method, maxBytes, responseAs: 'json', idempotencyKey: false },
    ...(headers && { headers }),
    query: { ...query, ...(position !== undefined && parameter !== undefined && { [parameter]: position }) },
    ...(method === 'POST' && { json: withField(json ?? {}, field, position) }),
  };
  const parsed = input.safeParse(asked);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new NodeError('input.invalid', `with.${issue?.path.join('.')}: ${issue?.message}`);
  }
  return (await send(ctx, parsed.data)).body;
}

function withField(body: Json, field: string | undefined, position: Json | undefined): Json {
  if (field === undefined || position === undefined) return body;
  const whole = structuredClone(body) as JsonObject;
  const path = field.split('.');
  let inner = whole;
  for (const name of path.slice(0, -1)) {
    if (!isObject(inner[name] ?? {}))
      throw new NodeError('http.poll', `"field" leads through "${name}", which is not an object.`);
    inner = Object.hasOwn(inner, name) ? (inner[name] as JsonObject) : setOwn(inner, name, {});
  }
  setOwn(inner, path.at(-1)!, position);
  return whole;
}

/** Sets a field of that name, whatever the name means to JavaScript. */
function setOwn<T extends Json>(object: JsonObject, name: string, value: T): T {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  return value;
}

const isObject = (value: Json): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list, the oldest item first. */
function listIn(body: Json, { items, newestFirst }: PollParameters): readonly Json[] {
  const found = at(body, items);
  if (found === null) return [];
  if (!Array.isArray(found)) {
    const where = items === '' ? 'The answer is not a list: set "items"' : `There is no list at "${items}" ("items")`;
    throw new NodeError('http.poll', `${where}.`);
  }
  return newestFirst ? found.toReversed() : found;
}

async function keyed(items: readonly Json[], key: Compute): Promise<PolledItem[]> {
  const all: PolledItem[] = [];
  let until = performance.now() + SLICE_MS;
  for (const [index, item] of items.entries()) {
    if (performance.now() > until) {
      await setImmediate();
      until = performance.now() + SLICE_MS;
    }
    const found = key({ item, index });
    if (found === null || found === '')
      throw new NodeError('http.poll', `Item ${index} has no key: "key" gives null for it.`);
    all.push({ key: typeof found === 'string' ? found : JSON.stringify(found), item });
  }
  return all;
}

const distinct = (items: readonly PolledItem[]): PolledItem[] => [
  ...new Map(items.map((one) => [one.key, one])).values(),
];

/** Where the next look goes on. An answer without items may have nothing to say about that. */
function positionAfter(
  { cursor }: PollParameters,
  compile: ReturnType<typeof expressions>,
  scope: { readonly item: Json; readonly input: Json; readonly state: Json },
): Json | undefined {
  if (cursor === undefined) return undefined;
  const before = scope.state ?? undefined;
  try {
    return compile('cursor', cursor)(scope) ?? before;
  } catch (error) {
    if (scope.item === null) return before;
    throw error;
  }
}
