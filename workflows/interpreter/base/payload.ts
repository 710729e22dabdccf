import { exceeds, type Json, REQUEST_IN_HISTORY, seal } from '../../../graph/sandbox.ts';
import type { EffectRequest } from '../../contract.ts';
import type { Driver } from './driver.ts';
import { callStore } from './internal-activities.ts';

/** True if a request must not go into history by value. */
export const isLarge = (request: EffectRequest): boolean =>
  isLargeGiven(request) || exceeds(request.deferred, REQUEST_IN_HISTORY);

/** Parameters, with the references beside them: there may be thousands, each with what is read of it. */
const isLargeGiven = (request: EffectRequest): boolean =>
  exceeds(request.refs ? [request.with, request.refs] : request.with, REQUEST_IN_HISTORY);

/** True if a value holds no reference and may go into history. */
export const travelsAsItIs = (value: unknown): value is Json =>
  seal(value).refs === undefined && !exceeds(value, REQUEST_IN_HISTORY);

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
  if (exceeds(request.deferred, REQUEST_IN_HISTORY)) {
    const ref = await callStore('blokStore', { workspace, runId, value: { deferred: request.deferred } });
    const { deferred: _deferred, ...rest } = request;
    return { ...rest, stored: ref };
  }
  return request;
}
