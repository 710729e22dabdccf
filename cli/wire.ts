/** What the API answers, by the names that commands use. The types are those of its routes. */
import type { Answered } from '../api/client-types.ts';
import type { RunError, RunStatus, StepRecord } from '../graph/run-state/state/types.ts';

/** A run with its steps and waits. */
export type Run = Answered<'GET /api/runs/:id'>;
/** What is printed of a run. A dry run has no more. */
export interface ShownRun
  extends Readonly<Pick<Run, 'id' | 'workflow' | 'version' | 'status' | 'output' | 'startedAt' | 'endedAt'>>,
    Readonly<Partial<Pick<Run, 'url' | 'temporalUrl' | 'moreSteps'>>> {
  readonly error: RunError | null;
  readonly steps: readonly StepRecord[];
  readonly waits: readonly Wait[];
}
/** What is printed of a wait. */
export interface Wait
  extends Readonly<Pick<Run['waits'][number], 'step' | 'event' | 'key' | 'until' | 'since' | 'detail'>> {
  readonly kind: string;
}
export type RunSummary = Answered<'GET /api/runs'>['items'][number];
/** What an operator did. */
export type Control = Answered<'POST /api/runs/:id/steps/:step/retry'>;
export type Rerun = Answered<'POST /api/runs/:id/rerun'>;
export type Comparison = Answered<'GET /api/runs/:id/compare'>;

export type Published = Answered<'PUT /api/workflows/:name'>;
export type WorkflowEntry = Answered<'GET /api/workflows'>['items'][number];
export type DraftView = Answered<'GET /api/workflows/:name/draft'>;

export type Trigger = Answered<'GET /api/triggers'>['items'][number];
export type Queue = Answered<'GET /api/workflows/:name/queue'>;
export type Capture = Answered<'GET /api/workflows/:name/triggers/:id/capture'>;
/** A call of a webhook that was held for building. */
export type CapturedCall = Capture['calls'][number];

export type Connection = Answered<'GET /api/connections/:name'>;
/** Where a person connects a connection. */
export type ConnectionVisit = Answered<'POST /api/connections/:name/connect'>;
export type Wallet = Answered<'GET /api/wallets/:name'>;
export type PaymentPage = Answered<'GET /api/wallets/:name/payments'>;

/** What calls to models used together. Amounts are US dollars as texts. */
export type UsageSum = Answered<'GET /api/usage'>['total'];
export type ModelCall = Answered<'GET /api/usage/calls'>['items'][number];
export type Budget = Answered<'GET /api/budgets'>['items'][number];

export type Statistics = Answered<'GET /api/stats'>;
/** How runs ended and how long they took. */
export type RunStatistics = Statistics['total'];
/** The same of the steps of a node. */
export type NodeStatistics = Statistics['nodes']['slowest'][number];
export type SystemState = Answered<'GET /api/system'>;

/** Statuses that a run never leaves. */
const ENDED: readonly RunStatus[] = ['succeeded', 'failed', 'cancelled', 'terminated', 'timed-out'];

export const hasEnded = (run: { readonly status: RunStatus }): boolean => ENDED.includes(run.status);
