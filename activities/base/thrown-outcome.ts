import { CompleteAsyncError } from '@temporalio/activity';
import { isHandedBack } from '../rates/hand-back.ts';

/**
 * What became of an attempt that threw: `waited` comes again later, `stopped` was what is left of a run that has ended, and
 * `failed` is anything else.
 */
export function thrownOutcome(error: unknown): 'waited' | 'stopped' | 'failed' {
  if (isHandedBack(error)) return 'waited';
  return error instanceof CompleteAsyncError ? 'stopped' : 'failed';
}
