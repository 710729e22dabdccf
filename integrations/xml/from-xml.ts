import { localName, readXml } from '../parsing/xml-events.ts';

/** How XML becomes JSON. */
export interface ReadOptions {
  /** Names of elements that are lists even if there is one of them. */
  readonly lists: readonly string[];
  readonly namespaces: 'keep' | 'remove';
  readonly trim: boolean;
}

interface Open {
  readonly name: string;
  readonly fields: Map<string, unknown>;
  text: string;
}

/** The root element of an XML text, and its name. */
export function fromXml(text: string, { lists, namespaces, trim }: ReadOptions): { root: string; value: unknown } {
  const always = new Set(lists);
  const nameOf = (name: string): string => (namespaces === 'remove' ? localName(name) : name);
  const open: Open[] = [];
  let root = '';
  let whole: unknown = null;
  readXml(text, {
    open: (name, attributes) => {
      const fields = new Map<string, unknown>();
      for (const [key, value] of Object.entries(attributes)) {
        if (namespaces === 'keep' || !/^xmlns(:|$)/.test(key)) fields.set(`@${nameOf(key)}`, value);
      }
      open.push({ name: nameOf(name), fields, text: '' });
    },
    text: (part) => {
      const top = open.at(-1);
      if (top) top.text += part;
    },
    close: () => {
      const element = open.pop()!;
      const value = valueIn(element, trim);
      const parent = open.at(-1);
      if (parent) add(parent.fields, element.name, value, always.has(element.name));
      else [root, whole] = [element.name, value];
    },
  });
  return { root, value: whole };
}

/** An element with nothing but text is that text; others are objects. */
function valueIn({ fields, text }: Open, trim: boolean): unknown {
  const kept = trim ? text.trim() : text;
  if (fields.size === 0) return kept;
  // White space between elements only makes XML readable.
  if (kept.trim() !== '') fields.set('#text', kept);
  return Object.fromEntries([...fields].map(([name, value]) => [name, value instanceof Several ? value.all : value]));
}

/** Elements of the same name. A list within a list is told apart from them. */
class Several {
  readonly all: unknown[];
  constructor(all: unknown[]) {
    this.all = all;
  }
}

function add(fields: Map<string, unknown>, name: string, value: unknown, isList: boolean): void {
  const before = fields.get(name);
  if (before instanceof Several) before.all.push(value);
  else if (fields.has(name)) fields.set(name, new Several([before, value]));
  else fields.set(name, isList ? new Several([value]) : value);
}
