import { BYTES_HELD_IN_DRY_RUN } from '../limits.ts';
import {
  type Command,
  cancelRun,
  type EffectCall,
  hasEnded,
  pump,
  type Run,
  settleEffect,
  settleEvaluation,
  timerFired,
} from '../run-state/index.ts';
import { decidePinned, nextDecision, pinned, refused, sendEvent } from './answers.ts';
import type { DryEvent, DryRunOptions } from './types.ts';

/** A running effect, or a computation that a dry run cannot do, and the time at which its answer is there. */
interface Pending {
  readonly command: Extract<Command, { do: 'effect' | 'evaluate' }>;
  readonly due: number;
}

/** What is still to come from outside. */
interface Outside {
  readonly pending: Pending[];
  readonly events: DryEvent[];
  cancelAt: number;
}

/** Most entries that become ready per step, generously: it also ends an endless loop whose rounds have no steps. */
const READY_PER_STEP = 4;

const NEVER = Number.POSITIVE_INFINITY;

/** Answers one thing at a time until the run has ended, waits for something that was not given, or is cut short. */
export function drive(run: Run, options: DryRunOptions): 'done' | 'cut' {
  const outside: Outside = {
    pending: [],
    events: [...(options.events ?? [])],
    cancelAt: options.cancelAt ?? NEVER,
  };
  for (;;) {
    const wish = pump(run);
    const kept = run.commands.some((command) => command.do === 'keep');
    for (const command of run.commands.splice(0)) note(run, outside.pending, options, command);
    if (hasEnded(run)) return 'done';
    if (isSpent(run, options)) return 'cut';
    if (wish === 'yield' || kept) continue;
    if (answerOne(run, options, outside.pending)) continue;
    if (cancelDue(run, outside) || sendEvent(run, outside.events) || decidePinned(run, options)) continue;
    if (!goOn(run, options, outside)) return 'done';
  }
}

function isSpent({ state }: Run, { maxSteps = 100_000, maxFuel = NEVER }: DryRunOptions): boolean {
  if ((state.recordBytes ?? 0) > BYTES_HELD_IN_DRY_RUN || state.fuelUsed > maxFuel) return true;
  return state.ended.length >= maxSteps || state.order >= maxSteps * READY_PER_STEP;
}

function note(run: Run, pending: Pending[], options: DryRunOptions, command: Command): void {
  // Nothing is stored for a dry run: it goes on with the value itself.
  if (command.do === 'keep') settleEvaluation(run, command.call.path, { ok: true, value: command.call.value });
  if (command.do === 'evaluate') pending.push({ command, due: run.now });
  if (command.do === 'effect') pending.push({ command, due: run.now + (options.takes?.(command.call) ?? 0) });
  if (command.do !== 'cancelEffect') return;
  const at = pending.findIndex(({ command: { call } }) => call.path === command.path);
  // An effect whose outcome is awaited stays and is answered, as a real one would be.
  if (at >= 0 && !(pending[at]!.command.call as EffectCall).awaited) pending.splice(at, 1);
}

/** Gives one of the answers that are there; false if there is none. */
function answerOne(run: Run, options: DryRunOptions, pending: Pending[]): boolean {
  const due = pending.filter((each) => each.due <= run.now);
  if (due.length === 0) return false;
  const next = due[(options.choose ?? (() => 0))(due.length)]!;
  pending.splice(pending.indexOf(next), 1);
  const { command } = next;
  if (command.do === 'effect') {
    const outcome =
      refused(command.call, options) ?? (options.answer ?? ((call) => pinned(call, options)))(command.call);
    settleEffect(run, command.call.path, outcome);
    return true;
  }
  const message = 'A dry run holds no data by reference.';
  settleEvaluation(run, command.call.path, { ok: false, code: 'expression', message });
  return true;
}

function cancelDue(run: Run, outside: Outside): boolean {
  if (outside.cancelAt > run.now) return false;
  outside.cancelAt = NEVER;
  cancelRun(run, 'The run was cancelled.');
  return true;
}

/**
 * Moves the clock to what comes next. Of several timers at the same time, the one set first fires; an answer or a message
 * that is there at that time comes first. False if nothing comes.
 */
function goOn(run: Run, options: DryRunOptions, { pending, events, cancelAt }: Outside): boolean {
  const [timer] = Object.entries(run.state.timers).sort(([, a], [, b]) => a - b);
  const timed = events.flatMap(({ at }) => (at === undefined ? [] : [at]));
  const others = Math.min(cancelAt, nextDecision(run, options), ...timed, ...pending.map(({ due }) => due));
  if (timer !== undefined && timer[1] < others) {
    run.now = Math.max(run.now, timer[1]);
    timerFired(run, timer[0]);
    return true;
  }
  if (others === NEVER) return false;
  run.now = Math.max(run.now, others);
  return true;
}
