export { isDatabaseAway } from './away.ts';
export {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type Tenant,
  type Within,
  withWorkspace,
} from './database.ts';
export { DataError } from './error.ts';
export { eventIdOf, heldKeyOf, runIdOf, workflowIdOf } from './ids.ts';
export { type Listening, listen, notify } from './listen.ts';
export { migrate } from './migrate/migrate.ts';
export { type Patience, patiently } from './patiently.ts';
export * from './queries/access/grants.ts';
export { usersOfConnection } from './queries/access/uses.ts';
export { findVisit, openVisit, takeVisit } from './queries/access/visits.ts';
export * from './queries/blobs/blobs.ts';
export { openBlob, storeStream } from './queries/blobs/stream.ts';
export {
  type CapturedRow,
  captured,
  endCapture,
  holdCall,
  MOST_CAPTURED,
  openCapture,
} from './queries/captures.ts';
export * from './queries/cells.ts';
export * from './queries/changes/cursor.ts';
export * from './queries/changes/note.ts';
export * from './queries/changes/read.ts';
export * from './queries/connections.ts';
export * from './queries/crashes.ts';
export { rewrapDataKeys } from './queries/data-keys.ts';
export * from './queries/dead-letters.ts';
export * from './queries/effects.ts';
export * from './queries/events.ts';
export * from './queries/files.ts';
export * from './queries/firings.ts';
export * from './queries/held/discard.ts';
export * from './queries/held/groups.ts';
export * from './queries/held/hold.ts';
export * from './queries/held/release.ts';
export * from './queries/held/show.ts';
export * from './queries/kv.ts';
export * from './queries/lines/leave.ts';
export * from './queries/lines/pace.ts';
export { type WaitingCursor, type WaitingRun, waitingRuns } from './queries/lines/queue.ts';
export * from './queries/lines/slots.ts';
export * from './queries/lines/turns.ts';
export * from './queries/payments/index.ts';
export * from './queries/prompts/versions.ts';
export { resealConnections } from './queries/reseal.ts';
export * from './queries/responses.ts';
export * from './queries/resume-tokens.ts';
export * from './queries/retention.ts';
export * from './queries/runs/approvals.ts';
export {
  askControl,
  type Control,
  findControl,
  type KnownControl,
  listControls,
  settleControl,
} from './queries/runs/controls.ts';
export * from './queries/runs/inline-runs.ts';
export { MOST_LOOKED_AT, matchingRuns } from './queries/runs/matching-runs.ts';
export * from './queries/runs/partitions.ts';
export * from './queries/runs/record-run.ts';
export * from './queries/runs/remove-runs.ts';
export { runAsStored } from './queries/runs/run-as-stored.ts';
export { OPEN_STATUSES } from './queries/runs/run-columns.ts';
export { planOf, type RunCursor, type RunFilter, type Side } from './queries/runs/run-filter.ts';
export { graphOfRun, keepGraph } from './queries/runs/run-graph.ts';
export {
  countQuery,
  countRuns,
  listRuns,
  pageQuery,
  type RunCount,
  type RunPage,
} from './queries/runs/run-list.ts';
export { keepLog, type LogLine, type LogPlace, logPage } from './queries/runs/run-log.ts';
export {
  areOpen,
  getRun,
  getRunSummary,
  getRunValues,
  hasPayload,
  isUnsignedRun,
  knownRuns,
  openRuns,
  type RunSummary,
  type RunValues,
  type StoredRun,
} from './queries/runs/runs.ts';
export * from './queries/runs/saved-filters.ts';
export * from './queries/runs/step-pages.ts';
export { getStep, getSteps, hasStepOfType, hasStoredOutput, type StepSelection } from './queries/runs/steps.ts';
export { takeAlong } from './queries/runs/take-along.ts';
export { addLabels, labelsOf, removeLabels } from './queries/runs/terms.ts';
export { getWaits } from './queries/runs/waits.ts';
export { openShown, type ShownConnection } from './queries/sealed/shown-connection.ts';
export * from './queries/spending/budgets.ts';
export { dayOf, isTimeZone, setTimeZone, timeZoneOf } from './queries/spending/days.ts';
export { forgetSpending } from './queries/spending/forget.ts';
export { type CallToReserve, reserveCall } from './queries/spending/reserve.ts';
export * from './queries/spending/settle.ts';
export * from './queries/spending/usage.ts';
export { foldStatistics } from './queries/statistics/fold.ts';
export { addUp, percentiles } from './queries/statistics/histogram.ts';
export * from './queries/statistics/read.ts';
export * from './queries/statistics/system.ts';
export type { RunTally } from './queries/statistics/tally.ts';
export * from './queries/trigger-counts.ts';
export { noteMissed } from './queries/trigger-missed.ts';
export { hashTriggerToken, type TokenSource, triggerToken } from './queries/trigger-token.ts';
export * from './queries/triggers.ts';
export * from './queries/variables.ts';
export * from './queries/workflows/drafts.ts';
export {
  findWorkflow,
  lockExisting,
  lockWorkflow,
  reviveWorkflow,
  type WorkflowHead,
} from './queries/workflows/head.ts';
export * from './queries/workflows/life.ts';
export * from './queries/workflows/list.ts';
export * from './queries/workflows/versions.ts';
export { indexOldWorkflows } from './queries/workflows/words.ts';
export * from './queries/workspaces.ts';
export type {
  BudgetKind,
  BudgetPeriod,
  BudgetScope,
  CallState,
  CaptureTerms,
  FiringOutcome,
  GrantState,
  Histogram,
  TriggerOutcome,
  TriggerState,
} from './schema/index.ts';
export {
  type FormClaim,
  mintFormToken,
  mintViewToken,
  readFormToken,
  readViewToken,
  type ViewClaim,
} from './secrets/form-token.ts';
export { type Keyring, loadKeyring, parseKeyring } from './secrets/keyring.ts';
export { hashResumeToken, mintResumeToken, type ResumeClaim, readResumeToken } from './secrets/resume-token.ts';
export { createSigner, type Signer } from './secrets/start-signature.ts';
export { belongsTo, hashState, newVisit, visitOf } from './secrets/visit-secrets.ts';
