import { type Group, setAccount } from './draft.ts';
import type { Look } from './look.ts';
import { type AccountWalk, after, merge } from './merge.ts';
import { nameOf } from './place.ts';
import type { Row } from './rows.ts';
import { takeRows } from './take-rows.ts';
import { walk } from './walk.ts';

/** Looks at the history of an address and its token accounts, and takes the oldest transactions that are not done with. */
export async function lookAtGroup<Item>(
  look: Look<Item>,
  group: Group,
  first: ReadonlyMap<string, readonly Row[]>,
): Promise<void> {
  const walks: AccountWalk[] = [];
  const { line } = look.archive;
  const { draft, tip, atLeast, mayHaveForgotten } = look;
  for (const account of group.accounts) {
    const mark = draft.marks[nameOf(account)]!;
    const backlog = draft.backlogs[nameOf(account)] ?? [];
    if (backlog.length === 0 && first.get(account)?.length === 0) continue;
    const walked = await walk({ line, tip, atLeast, mayHaveForgotten }, { account, mark, backlog }, first.get(account));
    walks.push({ account, mark, ...walked });
  }
  if (walks.length === 0) return;
  const rows = await merge(line, walks);
  look.isHeldUp = false;
  const done = await takeRows(look, group, rows);
  for (const one of walks) {
    const { hasMore, ...place } = after(one, done);
    setAccount(draft, one.account, place);
    if (hasMore && !look.isHeldUp) look.hasMore = true;
  }
  look.hasMoved = true;
}
