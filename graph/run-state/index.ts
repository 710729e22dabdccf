/** The reducer: one run of a plan, driven by whoever carries out its commands. Pure, deterministic, sandbox-safe. */
export type { Command, EachCall, EffectCall, EvaluateCall } from './commands.ts';
export { createRun, DEFAULT_LIMITS, type RunSpec } from './create.ts';
export type { EffectError, EffectOutcome } from './effects.ts';
export { type Enveloped, type SealedRef, seal, unseal } from './envelope.ts';
export { bodyOf } from './frames.ts';
export { delayBefore, givesUpOn, segmentFrom } from './retry.ts';
export {
  cancelRun,
  childStarted,
  decide,
  type EachResult,
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
export { iso, nothingVisible, scopeFromSlice } from './scope.ts';
export { restoreRun, type Snapshot, snapshotRun } from './snapshot.ts';
export type { KeptEvent, Run, RunFacts, RunLimits, Visible } from './state.ts';
export type { UndoEntry } from './step.ts';
export type { RunError, RunStatus, StepRecord, StepStatus } from './types.ts';
export { oldestFirst } from './undo.ts';
export { type OpenWait, openWaits } from './wait-index.ts';
