/** The reducer: one run of a plan, driven by whoever carries out its commands. Pure, deterministic, sandbox-safe. */

export { inBatches } from './bodies/start-loop.ts';
export type { EffectError, EffectOutcome } from './effects/effects.ts';
export { delayBefore, givesUpOn, segmentFrom } from './effects/retry.ts';
export { oldestFirst } from './effects/undo.ts';
export { completeWait, retryStep, type StepRefusal, skipStep, timeOutWait } from './operator.ts';
export {
  answerWait,
  cancelRun,
  childStarted,
  decide,
  type EachResult,
  endOverdue,
  hasEnded,
  isBusy,
  openSteps,
  pauseRun,
  pump,
  receive,
  resumeRun,
  settleEach,
  settleEffect,
  settleEvaluation,
  startRun,
  timerFired,
} from './run.ts';
export { restoreRun, type Snapshot, snapshotRun } from './snapshot.ts';
export { isFull, isToStore } from './state/bytes-held.ts';
export type { Command, EachCall, EffectCall, EvaluateCall, KeepCall } from './state/commands.ts';
export { createRun, DEFAULT_LIMITS, type RunSpec } from './state/create.ts';
export { type Enveloped, type SealedRef, seal, travelsAsItIs, unseal } from './state/envelope.ts';
export { bodyOf } from './state/frames.ts';
export type { KeptEvent, Run, RunFacts, RunLimits, Visible } from './state/state.ts';
export type { UndoEntry } from './state/step.ts';
export { type TakenStep, type TakenSteps, takenAt } from './state/taken.ts';
export type { RunError, RunStatus, StepRecord, StepStatus } from './state/types.ts';
export { follows, INTERPRETER_VERSION, SINCE } from './state/versions.ts';
export { givenPort } from './steps/given-port.ts';
export { countReady } from './steps/queue.ts';
export { forgetRecords } from './steps/records.ts';
export { addEffort, type Effort, effortOf, isSpent, restBefore } from './steps/slice.ts';
export { iso, nothingVisible, scopeFromSlice } from './values/scope.ts';
export { clashes } from './waits/events.ts';
export { type OpenWait, openWaits } from './waits/wait-index.ts';
