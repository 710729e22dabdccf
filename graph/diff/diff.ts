import type { Graph } from '../document/types.ts';
import { newIds, renameParts } from './align-ids.ts';
import { compareFields, type Found } from './compare.ts';
import { type Entry, takeApart } from './entries.ts';
import { type Matches, matchEntries } from './match.ts';
import type { Change, GraphDiff } from './types.ts';

/**
 * The differences between two graphs, node by node and field by field. What follows from a renaming, in links and
 * expressions, is no difference of its own.
 *
 * @example diffGraphs(published, draft).changes // [{ what: 'field', change: 'changed', path: '/nodes/a/with/url', … }]
 */
export function diffGraphs(before: Graph, after: Graph): GraphDiff {
  const [old, now] = [takeApart(before), takeApart(after)];
  const matches = matchEntries(old, now);
  const renamed = renameParts(before, old, newIds(old, now, matches));
  const found: Found = { changes: [], layout: [] };
  compareFields({ holder: 'graph', path: '', before: renamed.root, after: now.root }, found);
  const origins = new Map([...matches].map(([was, is]) => [is, was]));
  for (const entry of now.entries.values()) {
    const was = origins.get(entry.path);
    if (was === undefined) found.changes.push(whole(entry, 'added'));
    else {
      found.changes.push(...placed(old.entries.get(was)!, entry, matches));
      const said = renamed.entries.get(was)!.own;
      compareFields({ holder: entry.slot, path: entry.path, before: said, after: entry.own }, found);
    }
  }
  for (const entry of old.entries.values()) if (!matches.has(entry.path)) found.changes.push(whole(entry, 'removed'));
  return { diff: 1, ...found };
}

const kindOf = ({ slot }: Entry): 'node' | 'trigger' => (slot === 'triggers' ? 'trigger' : 'node');

function whole(entry: Entry, change: 'added' | 'removed'): Change {
  const said = change === 'added' ? { after: entry.own } : { before: entry.own };
  return { what: kindOf(entry), change, path: entry.path, of: entry.path, ...said };
}

/** Whether an entry has another id, or stands in another body. */
function placed(was: Entry, is: Entry, matches: Matches): Change[] {
  const change = { what: kindOf(is), path: is.path, was: was.path, of: is.path };
  const owner = was.owner === '' ? '' : matches.get(was.owner);
  const moved = owner !== is.owner || was.slot !== is.slot;
  return [
    ...(was.id === is.id ? [] : [{ ...change, change: 'renamed' as const }]),
    ...(moved ? [{ ...change, change: 'moved' as const }] : []),
  ];
}
