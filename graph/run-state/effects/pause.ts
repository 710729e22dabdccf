import type { Run } from '../state/state.ts';
import type { EffectState, Step } from '../state/step.ts';
import type { RunError } from '../state/types.ts';
import { setTimer } from '../steps/timers.ts';
import { segmentFrom } from './retry.ts';

/** The failure of a step whose connection has no access until a person connects it. */
const EXPIRED = 'connection.expired';

/** How soon, and how rarely, it is looked whether a connection has access again. */
const SHORTEST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/** Lets a step wait in the workflow until its next attempt. */
export function pauseUntil(
  run: Run,
  step: Step,
  effect: EffectState,
  { at, error, attemptsBefore }: { at: number; error: RunError; attemptsBefore: number },
): void {
  const { path } = step;
  const { retry } = effect.request.effect;
  effect.phase = 'backoff';
  effect.since = run.now;
  step.status = 'waiting';
  step.error = error;
  effect.segment++;
  effect.request = {
    ...effect.request,
    id: `${path}#${effect.segment}`,
    attemptsBefore,
    ...segmentFrom(retry, attemptsBefore),
    timeoutMs: effect.deadline - at,
  };
  const next = attemptsBefore + 1;
  setTimer(run, `${path}~retry`, at, `${path}: attempt ${next} of ${Math.max(retry.maxAttempts, next)}`);
  run.commands.push({ do: 'waits', opened: [] });
}

/** Whether a step waits until somebody connects its connection again, instead of failing. */
export const waitsForAccess = ({ request }: EffectState, { code }: { readonly code: string }): boolean =>
  request.effect.onExpired === 'wait' && code === EXPIRED;

/**
 * Waits for access to a connection. Looks again and again, ever more rarely: a look asks only Blok's own database. It is
 * no attempt, and the node's timeout begins anew with each, because how soon a person comes says nothing about the service.
 */
export function awaitAccess(run: Run, step: Step, effect: EffectState, error: RunError): void {
  const { attemptsBefore, effect: plan } = effect.request;
  effect.expiredSince ??= run.now;
  const pauseMs = Math.round((run.now - effect.expiredSince) / 8);
  const at = run.now + Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, pauseMs));
  effect.deadline = at + plan.timeoutMs;
  pauseUntil(run, step, effect, { at, error, attemptsBefore });
}
