import { nameIn, outputOfPin } from '../dry-run/index.ts';
import { parseDuration } from '../duration.ts';
import { newFuel, resolveInPlace, zoneRules } from '../expression/index.ts';

import { FUEL_PER_CASE } from '../limits.ts';
import { own } from '../pointer.ts';
import { delayBefore, type EffectCall, type EffectOutcome, givesUpOn, scopeFromSlice } from '../run-state/index.ts';
import type { CaseFailure, Setting } from './types.ts';

/** How one activity of an effect goes: how many attempts it makes, and whether the last one succeeds. */
interface Course {
  readonly attempts: number;
  readonly failure: (CaseFailure & { readonly retryable: boolean }) | null;
}

/** The outcome of an effect, or null if the case says nothing about it. An undo or a notification may be left out. */
export function answerOf(call: EffectCall, setting: Setting): EffectOutcome | null {
  const { attempts, failure } = courseOf(call, setting);
  const at = new Date(0).toISOString();
  const meta = { attempt: call.attemptsBefore + attempts, startedAt: at, endedAt: at };
  if (failure !== null) {
    const { code, message = code, unknown = false, retryable, details } = failure;
    return {
      ok: false,
      error: { code, message, unknown, retryable, ...(details === undefined ? {} : { details }) },
      meta,
    };
  }
  const pin = nameIn(setting.pins ?? {}, call.path);
  if (pin !== undefined) return { ok: true, output: outputOfPin(call, setting.pins![pin]!), meta };
  return /\.(compensate|notify)$/.test(call.path) ? { ok: true, output: null, meta } : null;
}

/** How long one activity of an effect takes by the run's clock: its attempts, and the pauses between them. */
export function timeTaken(call: EffectCall, setting: Setting): number {
  const { attempts } = courseOf(call, setting);
  const name = nameIn(setting.takes ?? {}, call.path);
  let total = attempts * (parseDuration(own(setting.takes, name ?? '') ?? '0s') ?? 0);
  for (let attempt = 2; attempt <= attempts; attempt += 1)
    total += delayBefore(call.effect.retry, call.attemptsBefore + attempt);
  return total;
}

function courseOf(call: EffectCall, { failures = {} }: Setting): Course {
  const name = nameIn(failures, call.path);
  if (name === undefined) return { attempts: 1, failure: null };
  const given = failures[name]!;
  const written: CaseFailure = typeof given === 'string' ? { code: given } : given;
  const { times = Number.POSITIVE_INFINITY } = written;
  const left = times - call.attemptsBefore;
  if (left <= 0) return { attempts: 1, failure: null };
  const retryable = (written.retryable ?? written.times !== undefined) && !givesUpOn(call.effect.retry, written.code);
  if (!retryable) return { attempts: 1, failure: { ...written, retryable } };
  if (left < call.attempts) return { attempts: left + 1, failure: null };
  return { attempts: call.attempts, failure: { ...written, retryable } };
}

/** What stands for the address in a `notify`, which only a real run has. */
export const RESUME_URL = 'https://blok.example/resume';

/** Parameters of an effect; those of a `notify` are resolved where its link is made. */
export function parametersOf({ with: given, deferred }: EffectCall): unknown {
  if (!deferred) return given?.value ?? {};
  const scope = scopeFromSlice(JSON.parse(JSON.stringify(deferred.scope)) as typeof deferred.scope, {
    resume: { url: RESUME_URL },
  });
  return resolveInPlace(deferred.template, scope, newFuel(FUEL_PER_CASE, zoneRules), 'with');
}
