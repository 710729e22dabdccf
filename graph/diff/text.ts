import type { Json } from '../json.ts';
import { fromPointer } from '../pointer.ts';
import type { Change, GraphDiff } from './types.ts';

/** One line of a difference as text. */
export interface DiffLine {
  /** `+` is only in the second graph, `-` only in the first, `~` is different; a space is a remark. */
  readonly mark: '+' | '-' | '~' | ' ';
  readonly text: string;
}

/** Most lines, and most characters of one value: a terminal is for reading. */
const MOST_LINES = 1_000;
const MOST_VALUE = 100;

const MARKS = { added: '+', removed: '-', changed: '~', renamed: '~', moved: '~' } as const;

/**
 * A difference as lines for people, grouped by node. `diffGraphs` has all of it; the text is cut where it gets long.
 *
 * @example diffLines(diffGraphs(a, b)) // [{ mark: '~', text: 'charge' }, { mark: '~', text: '  with.amount: 5 → 6' }]
 */
export function diffLines({ changes, layout }: GraphDiff): DiffLine[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) groups.set(change.of, [...(groups.get(change.of) ?? []), change]);
  const lines = [...groups].flatMap(([of, group]) => groupLines(of, group));
  const shown = lines.slice(0, MOST_LINES);
  if (lines.length > MOST_LINES) shown.push({ mark: ' ', text: `… ${lines.length - MOST_LINES} more lines` });
  if (layout.length > 0) {
    const drawn = new Set(layout.map(({ of }) => of)).size;
    shown.push({ mark: ' ', text: `(${drawn === 1 ? 'one thing is' : `${drawn} things are`} drawn elsewhere)` });
  }
  return shown;
}

function groupLines(of: string, group: readonly Change[]): DiffLine[] {
  const head = group.find(({ change, what }) => isWhole(what) && (change === 'added' || change === 'removed'));
  if (head !== undefined) return [{ mark: MARKS[head.change], text: `${title(of, head)}${typeOf(head)}` }];
  const trigger = of.startsWith('/triggers/');
  return [
    { mark: '~', text: of === '' ? 'the graph' : title(of, { what: trigger ? 'trigger' : 'node' }) },
    ...group.map((change) => ({ mark: MARKS[change.change], text: `  ${sentence(of, change)}` })),
  ];
}

const isWhole = (what: Change['what']): boolean => what === 'node' || what === 'trigger';

const title = (path: string, { what }: Pick<Change, 'what'>): string =>
  `${what === 'trigger' ? 'trigger ' : ''}${nameOf(path)}`;

function typeOf({ before, after }: Change): string {
  const said = (after ?? before) as { uses?: Json } | undefined;
  return typeof said?.uses === 'string' ? ` (${said.uses})` : '';
}

function sentence(of: string, { what, change, path, was, link, before, after }: Change): string {
  if (change === 'renamed')
    return `renamed from ${nameOf(was ?? '')
      .split('.')
      .at(-1)}`;
  if (change === 'moved') return `moved from ${bodyOf(was ?? '')} to ${bodyOf(path)}`;
  if (what === 'link') return `after ${link}`;
  const field = fromPointer(path.slice(of.length)).join('.');
  if (before === undefined) return `${field}: ${show(after)}`;
  if (after === undefined) return `${field}: ${show(before)}`;
  return `${field}: ${show(before)} → ${show(after)}`;
}

/** The path of a node as a run shows it: `each.charge`, `load.catch.tell`. */
function nameOf(path: string): string {
  const names: string[] = [];
  let isId = false;
  for (const segment of fromPointer(path)) {
    const isMap: boolean = !isId && (segment === 'nodes' || segment === 'triggers');
    if (!isMap) names.push(segment);
    isId = isMap;
  }
  return names.join('.');
}

function bodyOf(path: string): string {
  const owner = path.split('/').slice(0, -2).join('/');
  return owner === '' ? 'the graph' : nameOf(owner);
}

function show(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MOST_VALUE ? `${text.slice(0, MOST_VALUE)}…` : text;
}
