import { isMap, type Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';

/** An answer that is not of the shape that the provider's documents promise. */
export const misshapen = (what: string): NodeError =>
  new NodeError('solana.answer', `The provider answered something unexpected: ${what}.`, { retryable: true });

/** A field of an object. */
export function field(value: Json, name: string): Json {
  const found = isMap(value) ? value[name] : undefined;
  if (found === undefined) throw misshapen(`there is no "${name}"`);
  return found;
}

/** A field of an object that may be missing. */
export const optional = (value: Json, name: string): Json => (isMap(value) ? (value[name] ?? null) : null);

export function list(value: Json): readonly Json[] {
  if (!Array.isArray(value)) throw misshapen('it is no list');
  return value;
}

/** A list in which there must be one entry for each thing that was asked for. */
export function listOf(length: number, value: Json): readonly Json[] {
  const found = list(value);
  if (found.length !== length) throw misshapen(`${found.length} answers to ${length} questions`);
  return found;
}

export function text(value: Json): string {
  if (typeof value !== 'string') throw misshapen('it is no text');
  return value;
}

/** A whole number that is not negative: as a number, or, beyond 2^53, as a text. */
export function big(value: Json): bigint {
  const literal = typeof value === 'number' ? String(value) : value;
  if (typeof literal !== 'string' || !/^[0-9]{1,20}$/.test(literal)) throw misshapen('it is no amount');
  return BigInt(literal);
}
