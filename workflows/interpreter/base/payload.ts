import { exceeds, REQUEST_IN_HISTORY } from '../../../graph/sandbox.ts';
import type { SentRequest } from '../../contract.ts';
import type { Driver } from './driver.ts';
import { callStore } from './internal-activities.ts';

/** True if a request must not go into history by value. */
export const isLarge = (request: SentRequest): boolean =>
  isLargeGiven(request) || exceeds(request.deferred, REQUEST_IN_HISTORY);

/** Measures parameters and their references, because there may be thousands of references, each with inline values. */
const isLargeGiven = (request: SentRequest): boolean =>
  exceeds(request.refs ? [request.with, request.refs] : request.with, REQUEST_IN_HISTORY);

/** Replaces what is too large for history by a reference. */
export async function slim(driver: Driver, request: SentRequest): Promise<SentRequest> {
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
