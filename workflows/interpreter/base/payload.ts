import { exceeds, type Json, seal } from '../../../graph/sandbox.ts';
import type { EffectRequest } from '../../contract.ts';
import type { Driver } from './driver.ts';
import { callStore } from './internal-activities.ts';

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

/** Sends what is too large for history by reference instead. */
export async function slim(driver: Driver, request: EffectRequest): Promise<EffectRequest> {
  const { workspace, runId } = driver.input;
  if (isLargeGiven(request)) {
    const ref = await callStore('blokStore', {
      workspace,
      runId,
      value: { value: request.with, refs: request.refs ?? [] },
    });
    const { with: _with, refs: _refs, ...rest } = request;
    return { ...rest, stored: ref };
  }
  if (exceeds(request.deferred, BY_VALUE)) {
    const ref = await callStore('blokStore', { workspace, runId, value: { deferred: request.deferred } });
    const { deferred: _deferred, ...rest } = request;
    return { ...rest, stored: ref };
  }
  return request;
}
