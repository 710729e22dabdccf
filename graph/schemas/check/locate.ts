/** Finds what the references in a schema lead to. */
import { charge } from '../../expression/fuel.ts';
import type { Fuel } from '../../expression/types.ts';
import type { JsonSchema } from '../../json.ts';
import { PARTS, PARTS_IN_LISTS, PARTS_IN_MAPS } from '../keywords.ts';
import type { At } from './at.ts';
import { resolveUri } from './resolve-uri.ts';
import { isMap } from './rule-maker.ts';

/** A schema that its `$id` makes a document of its own; references in it begin there. */
export interface Resource {
  readonly base: string;
  readonly root: JsonSchema;
  /** Where it stands in the whole schema. */
  readonly where: At;
}

/** A schema, and the resource it belongs to. */
export interface Located {
  readonly schema: unknown;
  readonly resource: Resource;
  readonly where: At;
}

/** The resource that a schema belongs to: a new one if it has an `$id`. */
export function resourceOf(schema: unknown, outer: Resource, where: At): Resource {
  if (!isMap(schema) || typeof schema.$id !== 'string' || schema === outer.root) return outer;
  return { base: resolveUri(outer.base, schema.$id.split('#', 1)[0]!), root: schema, where };
}

/** The schemas that have a name of their own. */
export interface Directory {
  /** Resources by their address, and schemas with an anchor by address and name. */
  readonly named: ReadonlyMap<string, Located>;
  /** How many schemas have a `$dynamicAnchor` of that name. */
  readonly dynamic: ReadonlyMap<string, number>;
}

/** Every schema within a schema that has a name of its own. */
export function directoryOf(whole: Resource, fuel: Fuel): Directory {
  const named = new Map<string, Located>();
  const dynamic = new Map<string, number>();
  const left: Located[] = [{ schema: whole.root, resource: whole, where: null }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { schema, where } = next;
    charge(fuel, 8);
    if (!isMap(schema)) continue;
    const resource = resourceOf(schema, next.resource, where);
    const here = { schema, resource, where };
    if (resource.root === schema) named.set(resource.base, here);
    for (const anchor of [schema.$anchor, schema.$dynamicAnchor])
      if (typeof anchor === 'string') named.set(`${resource.base}#${anchor}`, here);
    const name = schema.$dynamicAnchor;
    if (typeof name === 'string') dynamic.set(name, (dynamic.get(name) ?? 0) + 1);
    for (const part of partsWithin(here)) left.push(part);
  }
  return { named, dynamic };
}

/** The schemas directly within a schema. */
function* partsWithin({ schema, resource, where }: Located): Generator<Located> {
  for (const [key, value] of Object.entries(schema as JsonSchema)) {
    const at: At = { above: where, key };
    if (PARTS.has(key)) yield { schema: value, resource, where: at };
    if (PARTS_IN_LISTS.has(key) && Array.isArray(value))
      for (const [index, each] of value.entries()) yield { schema: each, resource, where: { above: at, key: index } };
    if (PARTS_IN_MAPS.has(key) && isMap(value))
      for (const [name, each] of Object.entries(value))
        yield { schema: each, resource, where: { above: at, key: name } };
  }
}

/** The schema that a reference leads to, or null. `directory` is asked for only if a pointer is not enough. */
export function locate(text: string, from: Resource, directory: () => Directory): Located | null {
  const hash = text.indexOf('#');
  const address = hash === -1 ? text : text.slice(0, hash);
  const fragment = hash === -1 ? '' : decoded(text.slice(hash + 1));
  const base = address === '' ? from.base : resolveUri(from.base, address);
  const resource = base === from.base ? from : directory().named.get(base)?.resource;
  if (resource === undefined) return null;
  if (fragment === '') return { schema: resource.root, resource, where: resource.where };
  return fragment.startsWith('/')
    ? down(resource, fragment)
    : (directory().named.get(`${resource.base}#${fragment}`) ?? null);
}

/** Follows a JSON Pointer. */
function down(from: Resource, pointer: string): Located | null {
  let here: Located = { schema: from.root, resource: from, where: from.where };
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here.schema !== 'object' || here.schema === null || !Object.hasOwn(here.schema, key)) return null;
    const schema = (here.schema as JsonSchema)[key];
    const where: At = { above: here.where, key };
    here = { schema, resource: resourceOf(schema, here.resource, where), where };
  }
  return here;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
