import { formatNeed, parseNeed } from '../document/links.ts';
import { splitUses } from '../document/names.ts';
import type { Json, JsonObject } from '../json.ts';
import { own } from '../pointer.ts';
import { type Slot, sameJson } from './entries.ts';

/**
 * How a field is compared and merged: `layout` says where the canvas draws something; `links` is a set; `cases` is a
 * list of things that a port tells apart; `unit` belongs together, so that two that were added are not mixed; all else
 * is data, where maps are compared by key and lists as a whole.
 */
export type Rule = 'layout' | 'links' | 'cases' | 'unit' | 'data';

/** What a field belongs to: the graph itself, or an entry of a slot. */
export type Holder = 'graph' | Slot;

const UNITS: ReadonlySet<string> = new Set(['catch', 'finally', 'compensate', 'notify', 'retry', 'concurrency']);

/** The rule of a field, by its path within what holds it. */
export function ruleOf(holder: Holder, holding: JsonObject, path: readonly string[]): Rule {
  const [first, second, third] = path;
  if (holder === 'graph') {
    const drawn = first === 'notes' && path.length === 3 && (third === 'position' || third === 'size');
    return drawn ? 'layout' : path.length === 1 && UNITS.has(first!) ? 'unit' : 'data';
  }
  if (path.length === 1) {
    if (first === 'position') return 'layout';
    if (holder === 'triggers') return 'data';
    return first === 'needs' ? 'links' : UNITS.has(first!) ? 'unit' : 'data';
  }
  const cases = first === 'with' && second === 'cases' && path.length === 2 && isSwitch(holding);
  return cases && holder !== 'triggers' ? 'cases' : 'data';
}

const isSwitch = ({ uses }: JsonObject): boolean => typeof uses === 'string' && splitUses(uses).type === 'switch';

/** Whether a field is the same on both sides, links in any order. */
export function sameField(rule: Rule, a: Json | undefined, b: Json | undefined): boolean {
  return rule === 'links' ? sameJson([...linksOf(a).keys()].sort(), [...linksOf(b).keys()].sort()) : sameJson(a, b);
}

/** The links of a `needs`, as they are written, by their short forms. */
export function linksOf(needs: Json | undefined): ReadonlyMap<string, string> {
  if (!Array.isArray(needs)) return new Map();
  const texts = needs.filter((text): text is string => typeof text === 'string');
  return new Map(texts.map((text) => [shortForm(text), text]));
}

function shortForm(text: string): string {
  const need = parseNeed(text);
  return need === null ? text : formatNeed(need);
}

/** Whether two entries say the same, wherever they are drawn. */
export function sameMeaning(holder: Holder, a: JsonObject, b: JsonObject): boolean {
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...fields].every((field) => {
    const rule = ruleOf(holder, a, [field]);
    return rule === 'layout' || sameField(rule, own(a, field), own(b, field));
  });
}
