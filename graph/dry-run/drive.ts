import { BYTES_HELD_IN_DRY_RUN } from '../limits.ts';
import {
  type Command,
  type EffectCall,
  hasEnded,
  pump,
  type Run,
  settleEffect,
  settleEvaluation,
  timerFired,
} from '../run-state/index.ts';
import { decidePinned, pinned, refused, sendEvent } from './answers.ts';
import type { DryRunOptions } from './types.ts';

/** A running effect, or a computation that a dry run cannot do. */
type Pending = Extract<Command, { do: 'effect' | 'evaluate' }>;

/** Most entries that become ready per step, generously: it also ends an endless loop whose rounds have no steps. */
const READY_PER_STEP = 4;

/** Answers one thing at a time until the run has ended, waits for something that was not given, or is cut short. */
export function drive(run: Run, options: DryRunOptions): 'done' | 'cut' {
  const pending: Pending[] = [];
  const events = [...(options.events ?? [])];
  const { maxSteps = 100_000 } = options;
  for (;;) {
    const wish = pump(run);
    const kept = run.commands.some((command) => command.do === 'keep');
    for (const command of run.commands.splice(0)) note(run, pending, command);
    if (hasEnded(run)) return 'done';
    if ((run.state.recordBytes ?? 0) > BYTES_HELD_IN_DRY_RUN) return 'cut';
    if (run.state.ended.length >= maxSteps || run.state.order >= maxSteps * READY_PER_STEP) return 'cut';
    if (wish === 'yield' || kept) continue;
    if (pending.length > 0) answerOne(run, options, pending);
    else if (!sendEvent(run, events) && !decidePinned(run, options) && !jump(run)) return 'done';
  }
}

function note(run: Run, pending: Pending[], command: Command): void {
  // Nothing is stored for a dry run: it goes on with the value itself.
  if (command.do === 'keep') settleEvaluation(run, command.call.path, { ok: true, value: command.call.value });
  if (command.do === 'effect' || command.do === 'evaluate') pending.push(command);
  if (command.do !== 'cancelEffect') return;
  const at = pending.findIndex(({ call }) => call.path === command.path);
  // An effect whose outcome is awaited stays and is answered, as a real one would be.
  if (at >= 0 && !(pending[at]!.call as EffectCall).awaited) pending.splice(at, 1);
}

function answerOne(run: Run, options: DryRunOptions, pending: Pending[]): void {
  const [command] = pending.splice((options.choose ?? (() => 0))(pending.length), 1) as [Pending];
  if (command.do === 'effect') {
    const outcome =
      refused(command.call, options) ?? (options.answer ?? ((call) => pinned(call, options)))(command.call);
    return settleEffect(run, command.call.path, outcome);
  }
  const message = 'A dry run holds no data by reference.';
  settleEvaluation(run, command.call.path, { ok: false, code: 'expression', message });
}

/** Moves the clock to the next timer; of several at the same time, to the one set first. False if there is none. */
function jump(run: Run): boolean {
  const [first] = Object.entries(run.state.timers).sort(([, a], [, b]) => a - b);
  if (!first) return false;
  run.now = Math.max(run.now, first[1]);
  timerFired(run, first[0]);
  return true;
}
