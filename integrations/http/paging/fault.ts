import { NodeError } from '../../error.ts';
import { shown } from '../address.ts';
import { type HttpRequest, hasEffect } from '../message.ts';

/** Pages that cannot be followed, and why. */
export function fault(request: HttpRequest, why: string): NodeError {
  return new NodeError('http.pagination', `The pages of ${shown(request.url)} cannot be followed: ${why}.`, {
    unknown: hasEffect(request),
  });
}
