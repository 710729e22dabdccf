import { dataNodeTypes } from '../../data/index.ts';
import { endItems } from '../bodies/loops.ts';
import { startRace } from '../bodies/race.ts';
import { nextRound, startForEach, startWhile } from '../bodies/start-loop.ts';
import { startAttempt, tryCatch } from '../bodies/try.ts';
import { startEffect } from '../effects/launch.ts';
import { isFull } from '../state/bytes-held.ts';
import { frameAt, nodeAt } from '../state/frames.ts';
import type { Start } from '../state/start.ts';
import type { FramePart, Run } from '../state/state.ts';
import type { LoopState, Place, Step } from '../state/step.ts';
import { follows } from '../state/versions.ts';
import { settle, skip } from '../steps/settle.ts';
import { errorOf, StepFailure, Suspended } from '../values/errors.ts';
import { answer, condition } from '../values/resolve.ts';
import { handledError, scopeOf } from '../values/scope.ts';
import { startEventWait } from '../waits/events.ts';
import { startApproval, startWait } from '../waits/waits.ts';
import { choose, fail, log, respond, stop, when } from './controls.ts';
import { takeOver } from './take-over.ts';

type Starter = (run: Run, start: Start) => void;

const STARTERS: Readonly<Record<string, Starter>> = {
  if: when,
  switch: choose,
  log,
  wait: startWait,
  waitForEvent: startEventWait,
  approval: startApproval,
  respond,
  stop,
  fail,
  forEach: startForEach,
  while: startWhile,
  race: startRace,
  try: startAttempt,
};

/** What a step costs apart from its expressions: measured, and what it cost before version 3. */
const STEP_FUEL = 200;
const EARLIER_STEP_FUEL = 100;

/** Starts a node, or goes on with a node that waited for a computed value or for its next round. */
export function begin(run: Run, place: Place): void {
  const frame = frameAt(run, place.frame);
  const step = frame?.steps[place.node];
  if (step?.status !== 'ready' && step?.status !== 'running') return;
  run.state.fuelUsed += follows(run, 'busyRunsListen') ? STEP_FUEL : EARLIER_STEP_FUEL;
  if (step.container?.loop) return goOn(run, place, step.container.loop);
  if (step.container) return tryCatch(run, place);
  const plan = nodeAt(run, frame, place.node);
  if (takeOver(run, { place, frame, step, plan })) return;
  step.status = 'running';
  step.startedAt ??= run.now;
  try {
    refuseFull(run, frame.part);
    const start = { place, frame, step, plan, scope: scopeOf(run, frame.visible, handledError(frame, plan)) };
    if (!mayStart(run, start)) return skip(run, frame, place.node);
    starterOf(plan.effect ? 'effect' : plan.uses)(run, start);
  } catch (thrown) {
    if (thrown instanceof Suspended) return;
    settle(run, place, { status: 'failed', error: errorOf(thrown, step, plan.id) });
  }
}

/** A loop goes on when a round has ended, or when what it waits for has been computed or stored. */
function goOn(run: Run, place: Place, { max }: LoopState): void {
  if (max === undefined) endItems(run, place);
  else nextRound(run, place);
}

function refuseFull(run: Run, part: FramePart): void {
  if (!isFull(run, part)) return;
  const most = `${run.limits.bytes / 1_000_000} MB`;
  throw new StepFailure(
    'run.tooLarge',
    `The run holds more than ${most} of values. Let the bodies of loops return less, or keep the values outside the run, for example with kv.set.`,
  );
}

/** Reads the guard once; it is not read again when a computed parameter arrives. */
function mayStart(run: Run, start: Start): boolean {
  const { plan, step } = start;
  return !plan.if || isBegun(step) || condition(run, start, 'if', plan.if);
}

const isBegun = ({ evaluated }: Step): boolean => evaluated !== undefined && !Object.hasOwn(evaluated, 'if');

function starterOf(uses: string): Starter {
  if (uses === 'effect') return startEffect;
  if (Object.hasOwn(STARTERS, uses)) return STARTERS[uses]!;
  return Object.hasOwn(dataNodeTypes, uses) ? runDataStep : unknownType;
}

const unknownType: Starter = (_run, { plan }) => {
  throw new Error(`The plan has a node of type ${plan.uses}, which this interpreter does not know.`);
};

const runDataStep: Starter = (run, { place, plan, scope }) => {
  const template = plan.with ?? (['v', {}] as const);
  const question = { place, key: 'with', template, scope, data: plan.uses, keeps: plan.inline ?? [] };
  const output = answer(run, question, (value) => value ?? null);
  settle(run, place, { status: 'succeeded', output });
};
