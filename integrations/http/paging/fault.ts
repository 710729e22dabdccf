import { NodeError } from '../../error.ts';
import { shown } from '../address.ts';
import { type HttpRequest, hasEffect } from '../message.ts';

/** The error for pages that cannot be followed, with the reason. */
export function fault(request: HttpRequest, why: string): NodeError {
  return new NodeError('http.pagination', `The pages of ${shown(request.url)} cannot be followed: ${why}.`, {
    unknown: hasEffect(request),
  });
}

/** The failure of a later page. The service may mean by it that there is no such page. */
export function lateFailure(error: unknown, number: number): unknown {
  if (number === 1 || !(error instanceof NodeError) || error.retryable) return error;
  const status = /^http\.(4\d\d)$/.exec(error.code)?.[1];
  if (status === undefined) return error;
  const advice = `This was page ${number}: if the service answers like this after its last page, add ${status} to "okStatuses".`;
  return new NodeError(error.code, `${error.message} ${advice}`, { ...error, cause: error });
}
