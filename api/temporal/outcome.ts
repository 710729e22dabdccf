import type { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { RUN_CRASHED, type RunResult } from '../../workflows/contract.ts';
import type { RunOutcome } from '../runs-port.ts';

/** How a run that did not succeed ended: what the interpreter said or, if it said nothing, what Temporal says. */
export function outcomeOf({ cause, message }: WorkflowFailedError): RunOutcome {
  const said =
    cause instanceof ApplicationFailure || cause instanceof CancelledFailure
      ? (cause.details?.[0] as RunResult | undefined)
      : undefined;
  if (said?.status) return said;
  const end = (status: RunOutcome['status'], code: string, text: string): RunOutcome => ({
    status,
    output: null,
    error: { code, message: text, step: '', node: '', attempts: 0, unknown: true },
  });
  if (cause instanceof TerminatedFailure && cause.message.startsWith(`${RUN_CRASHED}: `))
    return end('failed', RUN_CRASHED, cause.message.slice(RUN_CRASHED.length + 2));
  if (cause instanceof TerminatedFailure) return end('terminated', 'terminated', cause.message);
  if (cause instanceof TimeoutFailure) return end('timed-out', 'timeout', 'Temporal ended the run: it took too long.');
  if (cause instanceof CancelledFailure) return end('cancelled', 'cancelled', 'The run was cancelled.');
  const failure = cause instanceof ApplicationFailure ? cause : undefined;
  return end('failed', failure?.type ?? 'interpreter', failure?.message ?? message);
}
