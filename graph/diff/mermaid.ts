import { formatNeed, parseNeed } from '../document/links.ts';
import type { Graph } from '../document/types.ts';
import type { Json } from '../json.ts';
import { toMermaid } from '../render/mermaid.ts';
import { newIds, renameParts } from './align-ids.ts';
import { diffGraphs } from './diff.ts';
import { type Entry, entryPath, type Parts, putTogether, takeApart } from './entries.ts';
import { linksOf } from './fields.ts';
import { type Matches, matchEntries } from './match.ts';
import type { Change } from './types.ts';

/** Most nodes that are drawn in full; of a larger graph, only what changed and what stands beside it. */
const MOST_DRAWN = 100;

const STYLES = {
  added: 'stroke:#1a7f37,fill:#dafbe1,color:#1a7f37',
  removed: 'stroke:#cf222e,fill:#ffebe9,color:#cf222e,stroke-dasharray:4 3',
  changed: 'stroke:#9a6700,fill:#fff8c5,color:#9a6700',
};

/** The class of what is marked, and how marked links are drawn. */
interface Marked {
  readonly classes: Map<string, keyof typeof STYLES>;
  readonly links: Map<string, 'thick' | 'dotted'>;
}

/**
 * Draws the difference of two graphs as a Mermaid flowchart: the second graph and what it lost. What is new is green
 * with thick links, what is gone is red with dotted links, what says something else is yellow.
 */
export function diffMermaid(before: Graph, after: Graph): string {
  const [old, now] = [takeApart(before), takeApart(after)];
  const matches = matchEntries(old, now);
  const said = renameParts(before, old, newIds(old, now, matches)).entries;
  const lost = lostIn({ old, said, now, matches });
  const entries = new Map(now.entries);
  for (const entry of lost.entries.values()) entries.set(entry.path, entry);
  const marked = markChanges(diffGraphs(before, after).changes, lost, entries);
  const drawn = entries.size > MOST_DRAWN ? nearChanges(entries, marked) : [...entries.values()];
  return toMermaid(putTogether({ ...now.root, triggers: {} }, drawn), {
    classOf: (path) => marked.classes.get(path),
    linkOf: (path, need) => marked.links.get(linkKey(path, need)),
    styles: STYLES,
  });
}

const linkKey = (path: string, need: string): string => `${path} ${need}`;

/** What the second graph lost. */
interface Lost {
  /** By its path in the first graph, with the place where it is drawn in the second. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** A link as it is drawn in a map of the second graph: what it comes from may be drawn under another id. */
  readonly drawLink: (of: Pick<Entry, 'owner' | 'slot'>, link: string) => string;
}

interface Compared {
  readonly old: Parts;
  /** What the first graph says, with the ids of the second. */
  readonly said: ReadonlyMap<string, Entry>;
  readonly now: Parts;
  readonly matches: Matches;
}

function lostIn({ old, said, now, matches }: Compared): Lost {
  const found = new Map<string, Entry>();
  const taken = new Set(now.entries.keys());
  const ids = new Map<string, string>();
  for (const [path, { owner: was, slot, id: first }] of old.entries) {
    if (matches.has(path)) continue;
    const owner = was === '' ? '' : (matches.get(was) ?? found.get(was)!.path);
    let id = first;
    // Something else may have the id now.
    while (taken.has(entryPath(owner, slot, id))) id += '_';
    const { own } = said.get(path)!;
    const at = entryPath(owner, slot, id);
    taken.add(at);
    ids.set(entryPath(owner, slot, first), id);
    found.set(path, { path: at, id, owner, slot, own: { ...own, label: String(own.label ?? first) } });
  }
  const drawLink = ({ owner, slot }: Pick<Entry, 'owner' | 'slot'>, link: string): string => {
    const need = parseNeed(link);
    const id = need === null ? undefined : ids.get(entryPath(owner, slot, need.source));
    return need === null || id === undefined ? link : formatNeed({ source: id, port: need.port });
  };
  return { entries: found, drawLink };
}

/** Gives changes their classes and links; links that are gone are put back into `entries`, to be drawn. */
function markChanges(changes: readonly Change[], lost: Lost, entries: Map<string, Entry>): Marked {
  const marked: Marked = { classes: new Map(), links: new Map() };
  for (const { what, change, path, of, link } of changes) {
    if (what === 'link' && link !== undefined) {
      const entry = entries.get(of)!;
      const drawn = change === 'removed' ? lost.drawLink(entry, link) : link;
      marked.links.set(linkKey(of, drawn), change === 'removed' ? 'dotted' : 'thick');
      if (change === 'removed') entries.set(of, withLinks(entry, [...linksOf(entry.own.needs).keys(), drawn]));
    }
    if (of === '') continue;
    if (what === 'field' || what === 'link') marked.classes.set(of, marked.classes.get(of) ?? 'changed');
    else if (change === 'removed') markWhole(marked, lost, entries, lost.entries.get(path)!, 'removed');
    else if (change === 'added') markWhole(marked, lost, entries, entries.get(path)!, 'added');
    else marked.classes.set(path, 'changed');
  }
  return marked;
}

function markWhole(
  { classes, links }: Marked,
  lost: Lost,
  entries: Map<string, Entry>,
  entry: Entry,
  kind: 'added' | 'removed',
): void {
  const drawn = [...linksOf(entry.own.needs).keys()].map((link) =>
    kind === 'removed' ? lost.drawLink(entry, link) : link,
  );
  if (drawn.length > 0) entries.set(entry.path, withLinks(entry, drawn));
  classes.set(entry.path, kind);
  for (const link of drawn) links.set(linkKey(entry.path, link), kind === 'removed' ? 'dotted' : 'thick');
}

const withLinks = (entry: Entry, needs: string[]): Entry => ({ ...entry, own: { ...entry.own, needs: needs as Json } });

/** What changed, what is linked to that, and the containers around both. */
function nearChanges(entries: ReadonlyMap<string, Entry>, { classes }: Marked): Entry[] {
  const kept = new Set<string>();
  const keep = (path: string): void => {
    for (let at = path; at !== '' && !kept.has(at); at = entries.get(at)?.owner ?? '') kept.add(at);
  };
  for (const entry of entries.values()) {
    for (const link of linksOf(entry.own.needs).keys()) {
      const source = sourceOf(entry, link, entries);
      if (source === undefined || (!classes.has(entry.path) && !classes.has(source))) continue;
      keep(entry.path);
      keep(source);
    }
    if (classes.has(entry.path)) keep(entry.path);
  }
  return [...entries.values()].filter(({ path }) => kept.has(path));
}

function sourceOf(entry: Entry, link: string, entries: ReadonlyMap<string, Entry>): string | undefined {
  const source = parseNeed(link)?.source ?? '';
  const places = [entryPath(entry.owner, entry.slot, source), entryPath('', 'triggers', source)];
  return places.find((path) => entries.has(path));
}
