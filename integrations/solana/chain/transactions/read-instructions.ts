import type { Json } from '../../../../graph/json.ts';
import { fromBase58 } from '../../notation/base58.ts';
import { field, list, misshapen, optional, text } from '../values.ts';
import type { DecodedInstruction } from './decoded.ts';
import { type Keys, keyAt } from './keys.ts';

/** The chain allows 64 instructions in a transaction, inner ones included; a later version may allow some more. */
const MOST_INSTRUCTIONS = 512;

/** The data of an inner instruction may be 10 KB. */
const LONGEST_DATA = 16_384;

/** All instructions in the order in which they were executed: each one is followed by those that it led to. */
export function readInstructions(message: Json, meta: Json, keys: Keys): DecodedInstruction[] {
  const outer = list(field(message, 'instructions'));
  const inner = innerOf(optional(meta, 'innerInstructions'), outer.length);
  const all = outer.flatMap((one, index) => [
    { value: one, index, inner: false, depth: 1 },
    ...(inner.get(index) ?? []).map((value) => ({ value, index, inner: true, depth: depthOf(value) })),
  ]);
  if (all.length > MOST_INSTRUCTIONS) throw misshapen('there are too many instructions');
  return all.map(({ value, ...at }) => ({ ...readInstruction(value, keys), ...at }));
}

/** Providers that know no depth leave it out, or say null. */
function depthOf(inner: Json): number | null {
  const height = optional(inner, 'stackHeight');
  return typeof height === 'number' ? height : null;
}

/** Inner instructions, by the number of the outer one. Null and an empty list both mean that there are none. */
function innerOf(value: Json, outer: number): ReadonlyMap<number, readonly Json[]> {
  return new Map(
    list(value ?? []).map((one) => {
      const index = field(one, 'index');
      if (typeof index !== 'number' || !(index >= 0 && index < outer)) throw misshapen('an inner instruction');
      return [index, list(field(one, 'instructions'))];
    }),
  );
}

function readInstruction(value: Json, keys: Keys): Pick<DecodedInstruction, 'program' | 'accounts' | 'data'> {
  const written = text(field(value, 'data'));
  const data = written === '' ? new Uint8Array() : fromBase58(written, LONGEST_DATA);
  if (data === null) throw misshapen('the data of an instruction');
  return {
    program: keyAt(keys, field(value, 'programIdIndex')),
    accounts: list(field(value, 'accounts')).map((index) => keyAt(keys, index)),
    data: Buffer.from(data).toString('base64'),
  };
}
