import { parseDuration } from '../../duration.ts';
import { parseIso } from '../../expression/library/time/calendar.ts';
import { isObject } from '../../expression/values.ts';
import type { Json } from '../../json.ts';
import { INDEXED_WAIT_MS } from '../../limits.ts';
import { settleSide, startSide } from '../effects/inline.ts';
import { forgetFlight } from '../effects/launch.ts';
import { hold, measure } from '../state/bytes-held.ts';
import { frameAt, nodeOf, stepOf } from '../state/frames.ts';
import type { Start } from '../state/start.ts';
import type { Run } from '../state/state.ts';
import type { Place, WaitState } from '../state/step.ts';
import { type Outcome, settle } from '../steps/settle.ts';
import { clearTimer, setTimer } from '../steps/timers.ts';
import { failure } from '../values/errors.ts';
import { invalid, optionalText, requiredText } from '../values/params.ts';
import { wholeParameter } from '../values/resolve.ts';
import { iso } from '../values/scope.ts';

/** How `to` names who may decide. Other texts are refused: nobody could decide, and the run would wait forever. */
const WHO = /^(role|user):.+$/;

/** True if lists of runs, approvals and event matching should know about the wait. */
export const isIndexed = (wait: WaitState): boolean =>
  wait.kind !== 'timer' || wait.until! - wait.since > INDEXED_WAIT_MS;

/** `wait`: for a duration, or until an ISO time; a wait until a past time ends at once. */
export function startWait(run: Run, start: Start): void {
  const length = wholeParameter(run, start, 'for') ?? null;
  const until = wholeParameter(run, start, 'until') ?? null;
  if (length === null && until === null) throw invalid('with', '`for` or `until` is needed', null);
  start.step.input = length === null ? { until } : { for: length };
  const at = length === null ? timeOf(until) : run.now + durationOf(length);
  if (at <= run.now) settle(run, start.place, { status: 'succeeded', output: { at: iso(run.now) } });
  else openWait(run, start, { kind: 'timer', until: at });
}

/** `approval`: waits for a decision. */
export function startApproval(run: Run, start: Start): void {
  const to = wholeParameter(run, start, 'to');
  if (!Array.isArray(to) || to.length === 0 || !to.every((who) => typeof who === 'string' && WHO.test(who)))
    throw invalid('with.to', 'a list such as ["role:lead"] is needed', to);
  const form = wholeParameter(run, start, 'form') ?? null;
  if (form !== null && !isObject(form)) throw invalid('with.form', 'a JSON Schema is needed', form);
  const message = optionalText(wholeParameter(run, start, 'message'), 'with.message');
  const detail = {
    to,
    title: requiredText(wholeParameter(run, start, 'title'), 'with.title'),
    ...(message === null ? {} : { message }),
    ...(form === null ? {} : { form: form as Json }),
  };
  start.step.input = detail;
  openWait(run, start, { kind: 'approval', detail, until: null });
}

/** Begins a wait: its timers, its entry in the wait index, its `notify`. */
export function openWait(
  run: Run,
  { place, step, plan, scope }: Start,
  kind: Pick<WaitState, 'kind' | 'until' | 'event' | 'key' | 'detail'>,
): void {
  const deadline = plan.timeoutMs === undefined ? null : run.now + plan.timeoutMs;
  const wait: WaitState = { ...kind, deadline, since: run.now, order: run.state.order++ };
  step.status = 'waiting';
  step.wait = wait;
  hold(run, measure(run, wait), frameAt(run, place.frame));
  const label = plan.label ?? step.path;
  if (wait.until !== null) setTimer(run, `${step.path}~until`, wait.until, `${label}: wait`);
  if (deadline !== null) setTimer(run, `${step.path}~timeout`, deadline, `${label}: timeout`);
  if (isIndexed(wait)) run.commands.push({ do: 'waits', opened: [step.path] });
  if (plan.notify)
    startSide(run, {
      path: `${step.path}.notify`,
      role: 'notify',
      node: plan.id,
      inline: plan.notify,
      scope,
      holder: place,
    });
}

/** Ends a wait, whatever ended it. */
export function endWait(run: Run, place: Place, outcome: Outcome): void {
  const step = stepOf(run, place);
  const { wait } = step;
  if (!wait) return;
  delete step.wait;
  clearTimer(run, `${step.path}~until`);
  clearTimer(run, `${step.path}~timeout`);
  const notify = run.state.side[`${step.path}.notify`];
  if (notify) {
    run.commands.push({ do: 'cancelEffect', path: notify.path });
    forgetFlight(run, notify);
    settleSide(run, notify, { status: 'cancelled' });
  }
  if (isIndexed(wait)) run.commands.push({ do: 'waits', opened: [] });
  settle(run, place, outcome);
}

/** A timer of a wait has fired. */
export function waitDue(run: Run, place: Place, which: string): void {
  if (which === 'until') return endWait(run, place, { status: 'succeeded', output: { at: iso(run.now) } });
  const { id } = nodeOf(run, place);
  const error = failure('timeout', `Nothing came within the timeout of ${id}.`, stepOf(run, place).path, id);
  endWait(run, place, { status: 'failed', error });
}

function durationOf(given: unknown): number {
  const ms = typeof given === 'string' ? parseDuration(given.trim()) : null;
  if (ms === null) throw invalid('with.for', 'a duration such as 90s, 1h30m or 2d is needed', given);
  return ms;
}

function timeOf(given: unknown): number {
  const at = typeof given === 'string' ? parseIso(given) : Number.NaN;
  if (Number.isNaN(at)) throw invalid('with.until', 'an ISO time such as 2027-01-31T09:00:00Z is needed', given);
  return at;
}
