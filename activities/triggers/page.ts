import { createHash } from 'node:crypto';
import type { Json } from '../../graph/json.ts';
import { exceeds } from '../../graph/json-size.ts';
import { OUTPUT_IN_HISTORY } from '../../graph/limits.ts';
import { MAX_POLLED, type Polled } from '../../integrations/define-trigger.ts';
import type { Kept, PolledPage } from '../../workflows/activities.ts';
import type { TriggerClaim } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { requireHandy } from '../store/store-output.ts';
import { storeJson } from '../store/stored.ts';

/** Largest item that travels by value, and all such items of a page together, in bytes of JSON. */
const ITEM_IN_HISTORY = 8_192;
const ITEMS_IN_HISTORY = 262_144;

/** Longest key that is kept as it is. */
const LONGEST_KEY = 200;

/** What a poll has found in the form in which it travels: whatever is too large is stored. */
export async function pageOf(
  deps: ActivityDeps,
  claim: TriggerClaim,
  { items, cursor, more = false }: Polled,
  mark: string,
): Promise<Pick<PolledPage, 'items' | 'place' | 'more'>> {
  if (items.length > MAX_POLLED) throw new Error(`a poll returned ${items.length} items`);
  const page: PolledPage['items'][number][] = [];
  let left = ITEMS_IN_HISTORY;
  for (const { key, item } of items) {
    requireHandy(item);
    const byValue = Math.min(ITEM_IN_HISTORY, left);
    const value = await keep(deps, claim, item, byValue);
    if ('value' in value) left -= JSON.stringify(item).length;
    page.push({ key: keyOf(key), ...value });
  }
  return { items: page, place: { cursor: await keep(deps, claim, cursor, OUTPUT_IN_HISTORY), mark }, more };
}

async function keep(deps: ActivityDeps, claim: TriggerClaim, value: Json, most: number): Promise<Kept<Json>> {
  if (!exceeds(value, most)) return { value };
  const { sha256, size } = await storeJson(deps, claim.workspace, holderOf(claim), value);
  return { blob: { sha256, size } };
}

/** Stands in the place of a run's id where it is noted who holds a blob. */
export const holderOf = ({ workflow, trigger }: Pick<TriggerClaim, 'workflow' | 'trigger'>): string =>
  `${workflow}/${trigger}~`;

const keyOf = (key: string): string =>
  key.length <= LONGEST_KEY ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`;
