import type { Json } from '../../graph/json.ts';
import type { BlobRef } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { runValues } from '../runs/load.ts';
import { readOutput } from '../runs/present.ts';
import { stepOf } from './get.ts';
import type { WireValue } from './schema.ts';

/** A part of a value. */
export interface PartWanted {
  readonly of: 'input' | 'output';
  /** JSON Pointer (RFC 6901); '' is the whole value. */
  readonly pointer?: string;
  /** Of a list, a map or a text: how many of its entries or characters are left out … */
  readonly offset?: number;
  /** … and how many follow at most. */
  readonly limit?: number;
}

/** Part of what a step got or returned. @throws ApiProblem `run.notFound`, `step.notFound`, `value.notFound` */
export async function stepValue(ctx: Context, input: PartWanted & { id: string; step: string }): Promise<WireValue> {
  const { step } = await stepOf(ctx, input);
  const held = input.of === 'output' ? { value: step.output, ref: step.outputRef } : { value: step.input };
  return partOf(await whole(ctx, held), input);
}

/** Part of what a run got or returned. @throws ApiProblem `run.notFound`, `value.notFound` */
export async function runValue(ctx: Context, input: PartWanted & { id: string }): Promise<WireValue> {
  const { input: given, output, outputRef } = await runValues(ctx, input.id);
  return partOf(await whole(ctx, input.of === 'output' ? { value: output, ref: outputRef } : { value: given }), input);
}

async function whole(
  ctx: Context,
  { value, ref }: { value: Json | undefined; ref?: BlobRef | null | undefined },
): Promise<Json> {
  return ref ? readOutput(ctx, ref) : (value ?? null);
}

/** Usual and largest number of characters, and of entries. */
const CHARACTERS = { usual: 10_000, most: 1_000_000 };
const ENTRIES = { usual: 100, most: 1_000 };

function partOf(value: Json, { pointer = '', offset = 0, limit }: PartWanted): WireValue {
  const found = follow(value, pointer);
  const cut = ({ usual, most }: typeof ENTRIES, length: number) => {
    const end = offset + Math.min(limit ?? usual, most);
    return { length, offset, end, next: end < length ? end : null };
  };
  if (typeof found === 'string') {
    const { end, ...range } = cut(CHARACTERS, found.length);
    return { type: 'text', ...range, value: found.slice(offset, end) };
  }
  if (Array.isArray(found)) {
    const { end, ...range } = cut(ENTRIES, found.length);
    return { type: 'list', ...range, value: found.slice(offset, end) };
  }
  if (typeof found !== 'object' || found === null)
    return { type: 'other', length: 1, offset: 0, next: null, value: found };
  const entries = Object.entries(found);
  const { end, ...range } = cut(ENTRIES, entries.length);
  return { type: 'map', ...range, value: Object.fromEntries(entries.slice(offset, end)) };
}

/** What a JSON Pointer names. @throws ApiProblem `value.notFound` */
function follow(value: Json, pointer: string): Json {
  let current = value;
  for (const [at, part] of pointer.split('/').slice(1).entries()) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const isThere = typeof current === 'object' && current !== null && isOwn(current, key);
    if (!isThere) {
      const path = pointer
        .split('/')
        .slice(0, at + 2)
        .join('/')
        .slice(0, 200);
      throw new ApiProblem('value.notFound', `query/pointer: there is nothing at ${path}.`);
    }
    current = (current as Record<string, Json>)[key]!;
  }
  return current;
}

/** Numbers of entries in lists, names in maps. */
const isOwn = (value: object, key: string): boolean =>
  Array.isArray(value) ? /^(0|[1-9]\d*)$/.test(key) && Number(key) < value.length : Object.hasOwn(value, key);
