import { parseNeed } from '../document/links.ts';
import { type Renaming, renameInValue } from '../edit/references.ts';
import type { Json } from '../json.ts';
import type { Entry } from './entries.ts';
import { linksOf } from './fields.ts';

/** Most things that are said about one entry, because likeness must be cheap. */
const MOST_SAID = 200;
/** Longest part of a text that is compared. */
const MOST_TEXT = 500;

/** What a comparison leaves out: ids that may be what was renamed. */
export type Strangers = ReadonlySet<string>;

/**
 * What can be said about an entry without naming it: its fields, its links, and what needs it (`needed`). Ids of
 * `strangers` are left out. Sorted.
 */
export function describe(entry: Entry, strangers: Strangers, needed: readonly string[] = []): string[] {
  const said: string[] = [];
  const neutral: Renaming = (kind, id) => (kind !== 'vars' && strangers.has(id) ? 'x' : null);
  for (const [field, value] of Object.entries(entry.own)) {
    if (field === 'position' || field === 'needs') continue;
    sayValue(renameInValue(value, neutral), field, said);
  }
  for (const text of linksOf(entry.own.needs).keys()) {
    const need = parseNeed(text);
    said.push(`needs ${need === null ? text : `${known(need.source, strangers)}.${need.port}`}`);
  }
  return [...said, ...needed].slice(0, MOST_SAID).sort();
}

/** For each node of a body that others need: what can be said about that. */
export function neededIn(body: readonly Entry[], strangers: Strangers): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, own } of body) {
    for (const text of linksOf(own.needs).keys()) {
      const need = parseNeed(text);
      if (need === null) continue;
      const list = found.get(need.source) ?? [];
      list.push(`before ${known(id, strangers)}.${need.port}`);
      found.set(need.source, list);
    }
  }
  return found;
}

const known = (id: string, strangers: Strangers): string => (strangers.has(id) ? '?' : id);

function sayValue(value: Json | undefined, path: string, said: string[]): void {
  if (said.length >= MOST_SAID) return;
  if (value === null || typeof value !== 'object') said.push(`${path}=${JSON.stringify(value)?.slice(0, MOST_TEXT)}`);
  else if (Object.keys(value).length === 0) said.push(`${path}=${Array.isArray(value) ? '[]' : '{}'}`);
  else for (const [key, inner] of Object.entries(value)) sayValue(inner, `${path}/${key}`, said);
}

/** The share of what is said about both, from 0 to 1. */
export function likeness(a: readonly string[], b: readonly string[]): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) common += 1;
    if (a[i]! <= b[j]!) {
      if (a[i] === b[j]) j += 1;
      i += 1;
    } else j += 1;
  }
  return a.length + b.length === 0 ? 1 : (2 * common) / (a.length + b.length);
}
