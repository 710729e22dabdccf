import { splitUses } from '../../document/names.ts';
import type { Json } from '../../json.ts';
import { own } from '../../pointer.ts';
import { type Knowledge, ofConstant, ofKind, orNull } from './kinds.ts';
import type { Site } from './read.ts';

/** What is known about a value because it is written in the graph: the value of a `set`, the default of a variable. */
export function writtenKind(root: string, path: readonly string[], site: Site): Knowledge {
  const [id = '', ...rest] = path;
  if (root === 'vars') {
    const value = site.trustDefaults ? valueAt(own(site.graph.vars, id), rest) : undefined;
    const known = value === undefined || value === null ? null : kindOfWritten(value);
    // A run may have another value, so only the kind of the default is kept.
    return known === null ? null : ofKind(...known.kinds);
  }
  if (root !== 'nodes') return null;
  const node = site.scope.frames.map(({ at }) => own(at.body.nodes, id)).find((found) => found !== undefined);
  if (node === undefined || splitUses(node.uses).type !== 'set') return null;
  const value = valueAt(node.with?.value, rest);
  return value === undefined ? null : orNull(kindOfWritten(value));
}

function kindOfWritten(value: Json): Knowledge {
  if (typeof value === 'string' && value.includes('${{')) return null;
  if (value !== null && typeof value === 'object') return ofKind(Array.isArray(value) ? 'array' : 'object');
  return ofConstant(value);
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  let current = value;
  for (const name of path) {
    if (current === null || typeof current !== 'object') return undefined;
    current = own(current as Readonly<Record<string, Json>>, name);
  }
  return current;
}
