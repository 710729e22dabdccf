import { Reference } from '../../graph/expression/index.ts';
import { type Enveloped, inBatches, seal, unseal } from '../../graph/run-state/index.ts';
import { NodeError } from '../../integrations/error.ts';
import type { GatherInput, PageInput, SplitInput, SplitList } from '../../workflows/activities.ts';
import type { EffectResult } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { toFailure } from '../failure.ts';
import { outputOf } from './store-output.ts';
import { kept, loadJson, newRoom, storeJson, whole } from './stored.ts';

/** Most items of one page, and most characters of JSON that they may have together. */
const PAGE_ITEMS = 200;
const PAGE_BYTES = 65_536;

const meta = (startedAt: string) => ({ attempt: 1, startedAt, endedAt: new Date().toISOString() });

/** Implements `blokSplit`. */
export async function split(deps: ActivityDeps, input: SplitInput): Promise<SplitList> {
  const list = await whole(deps, input.workspace, unseal(input.items as never));
  if (!Array.isArray(list)) {
    const error = new NodeError(
      'input.invalid',
      `with.items: a list is needed, got ${list === null ? 'null' : typeof list}.`,
    );
    throw toFailure(error, { giveUpOn: [] }, meta(new Date().toISOString()));
  }
  const items = input.batch === null ? list : inBatches(list, input.batch);
  const ref = await storeJson(deps, input.workspace, input.runId, items);
  return { ref, count: items.length, items: list.length };
}

/** Implements `blokPage`. */
export async function page(
  deps: ActivityDeps,
  { workspace, ref, from, to }: PageInput,
): Promise<{ items: Enveloped; count: number }> {
  const list = (await cachedList(deps, workspace, ref.sha256)) as unknown[];
  const items: unknown[] = [];
  let bytes = 0;
  for (let i = from; i < to && items.length < PAGE_ITEMS; i++) {
    const size = JSON.stringify(list[i] ?? null).length;
    if (items.length > 0 && bytes + size > PAGE_BYTES) break;
    bytes += size;
    items.push(size > PAGE_BYTES / 2 ? new Reference({ ...ref, pointer: `/${i}` }) : list[i]);
  }
  return { items: seal(items), count: items.length };
}

/** Implements `blokGather`. */
export async function gather(deps: ActivityDeps, input: GatherInput): Promise<EffectResult> {
  const startedAt = new Date().toISOString();
  const results: unknown[] = [];
  const errors: unknown[] = [];
  const room = newRoom();
  for (const segment of await kept(deps, input.workspace, input.segments)) {
    const part = await kept(deps, input.workspace, segment, room);
    for (const entry of part.results) results.push(entry);
    for (const entry of part.errors) errors.push(entry);
  }
  const output = { results, errors, count: input.count };
  return { ...(await outputOf(deps, input, output)), meta: meta(startedAt) };
}

/** Lists being paged through, so that not every page loads the whole list again. */
const lists = new Map<string, unknown>();
const KEPT_LISTS = 4;

async function cachedList(deps: ActivityDeps, workspace: string, sha256: string): Promise<unknown> {
  const key = `${workspace}/${sha256}`;
  const known = lists.get(key);
  if (known) return known;
  const list = await loadJson(deps, workspace, sha256);
  lists.set(key, list);
  if (lists.size > KEPT_LISTS) lists.delete(lists.keys().next().value!);
  return list;
}
