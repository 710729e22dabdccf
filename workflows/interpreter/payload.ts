import { type Json, seal } from '../../graph/sandbox.ts';
import type { EffectRequest } from '../contract.ts';
import type { Driver } from './driver.ts';
import { sure } from './internal.ts';

/** Largest payload that goes into history by value, in bytes of JSON. */
export const BY_VALUE = 256_000;

/** Longest start of the next execution, in bytes of JSON: no payload in history is larger than 512 KiB. */
export const WHOLE_START = 500_000;

/** True if a request must not go into history by value. */
export const isLarge = (request: EffectRequest): boolean =>
  isLargeGiven(request) || exceeds(request.deferred, BY_VALUE);

/** Parameters, with the references beside them: there may be thousands, each with what is read of it. */
const isLargeGiven = (request: EffectRequest): boolean =>
  exceeds(request.refs ? [request.with, request.refs] : request.with, BY_VALUE);

/** True if a value holds no reference and may go into history. */
export const travelsAsItIs = (value: unknown): value is Json =>
  seal(value).refs === undefined && !exceeds(value, BY_VALUE);

/** True if a value is more than so many bytes of JSON. */
export function exceeds(value: unknown, limit: number): boolean {
  const text = JSON.stringify(value) ?? '';
  // A UTF-16 unit is at most three bytes of UTF-8: short texts need no counting.
  return text.length > limit || (text.length * 3 > limit && utf8Length(text) > limit);
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a pair of surrogates stands for two of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}

/** Sends what is too large for history by reference instead. */
export async function slim(driver: Driver, request: EffectRequest): Promise<EffectRequest> {
  const { workspace, runId } = driver.input;
  if (isLargeGiven(request)) {
    const ref = await sure('blokStore', { workspace, runId, value: { value: request.with, refs: request.refs ?? [] } });
    const { with: _with, refs: _refs, ...rest } = request;
    return { ...rest, stored: ref };
  }
  if (exceeds(request.deferred, BY_VALUE)) {
    const ref = await sure('blokStore', { workspace, runId, value: { deferred: request.deferred } });
    const { deferred: _deferred, ...rest } = request;
    return { ...rest, stored: ref };
  }
  return request;
}
