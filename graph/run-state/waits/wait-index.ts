import type { Json } from '../../json.ts';
import { nodeOf, stepOf } from '../state/frames.ts';
import type { Run } from '../state/state.ts';
import type { Step } from '../state/step.ts';
import { iso } from '../values/scope.ts';
import { isIndexed } from './waits.ts';

/** One thing a run waits for. Lists of runs, approvals and event matching read these. */
export interface OpenWait {
  readonly step: string;
  readonly kind: 'timer' | 'event' | 'approval' | 'retry';
  readonly event?: string;
  readonly key?: string | null;
  readonly until: string | null;
  readonly since: string;
  readonly detail?: Json;
}

/** Everything the run waits for, except timers of up to ten seconds. */
export function openWaits(run: Run): OpenWait[] {
  const waits: OpenWait[] = [];
  for (const place of run.places.values()) {
    const step = stepOf(run, place);
    if (step.effect) addRetry(run, step, waits);
    if (step.wait) addWait(step, nodeOf(run, place).label, waits);
  }
  for (const step of Object.values(run.state.side)) addRetry(run, step, waits);
  return waits;
}

function addRetry(run: Run, { path, effect, error }: Step, waits: OpenWait[]): void {
  if (effect?.phase !== 'backoff') return;
  const until = iso(run.state.timers[`${path}~retry`] ?? run.now);
  waits.push({ step: path, kind: 'retry', until, since: iso(effect.since), detail: error as Json });
}

function addWait({ path, wait }: Step, label: string | undefined, waits: OpenWait[]): void {
  if (!wait || !isIndexed(wait)) return;
  const { kind, event, key = null, since } = wait;
  const until = wait.until ?? wait.deadline;
  const detail = wait.detail ?? (label === undefined ? undefined : { label });
  waits.push({
    step: path,
    kind,
    ...(event === undefined ? {} : { event, key }),
    until: until === null ? null : iso(until),
    since: iso(since),
    ...(detail === undefined ? {} : { detail }),
  });
}
