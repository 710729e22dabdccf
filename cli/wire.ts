import type { Graph } from '../graph/document/types.ts';
import type { Json, JsonObject } from '../graph/json.ts';
import type { Problem } from '../graph/problems/problem.ts';
import type { PromptDocument } from '../graph/prompts/types.ts';
import type { RunError, RunStatus, StepRecord } from '../graph/run-state/state/types.ts';

/** One thing a run waits for. */
export interface Wait {
  readonly step: string;
  readonly kind: string;
  readonly event?: string;
  readonly key?: string | null;
  /** ISO deadline. */
  readonly until?: string | null;
  readonly since: string;
  readonly detail?: Json;
}

/** A run as shown in lists. */
export interface RunSummary {
  readonly id: string;
  readonly workflow: string;
  readonly version: number | null;
  readonly status: RunStatus;
  readonly trigger?: Json;
  readonly error?: RunError | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly url?: string;
  readonly temporalUrl?: string | null;
  readonly waits?: readonly Wait[];
}

/** A filter of the list of runs that has a name. */
export interface SavedFilter {
  readonly name: string;
  readonly filter: Readonly<Record<string, string>>;
  readonly author: string;
  readonly updatedAt: string;
}

/** A run with its steps. */
export interface Run extends RunSummary {
  readonly input?: Json;
  readonly output: Json;
  readonly error: RunError | null;
  readonly steps: readonly StepRecord[];
  readonly waits: readonly Wait[];
}

/** What a run is doing now, asked of the run itself. */
export interface RunView {
  readonly runId: string;
  readonly status: RunStatus;
  readonly steps: readonly StepRecord[];
  readonly waits: readonly Wait[];
}

export interface Published {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly publishedAt: string;
  readonly warnings: readonly Problem[];
}

/** A version of a workflow with its graph. */
export interface PublishedGraph {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly graph: Graph;
  readonly text: string;
}

/** A workflow as a list shows it. */
export interface WorkflowEntry {
  readonly name: string;
  /** Null: it was never published. */
  readonly version: number | null;
  readonly hash: string | null;
}

/** A version as a list shows it. */
export interface VersionSummary {
  readonly version: number;
  readonly publishedAt: string;
  readonly message: string | null;
  readonly author: string | null;
  readonly isPublished: boolean;
}

/** A draft with its problems. */
export interface DraftView {
  readonly name: string;
  readonly etag: string;
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly base: number | null;
  readonly published: number | null;
  readonly differs: boolean;
  readonly author: string;
  readonly updatedAt: string;
}

/** A trigger of a published workflow. */
export interface Trigger {
  readonly workflow: string;
  readonly id: string;
  readonly uses: string;
  readonly state: 'pending' | 'active' | 'off' | 'failed';
  readonly reason: string | null;
  readonly note: string | null;
  readonly lastFiredAt: string | null;
  readonly lastError: { readonly message: string; readonly at: string | null } | null;
  readonly nextTimes: readonly string[];
  readonly address: string | null;
  /** What a watch has found and nobody can read. */
  readonly deadLetters: number;
  readonly last24Hours: {
    readonly seen: number;
    readonly started: number;
    readonly held: number;
    readonly declined: number;
    readonly refused: number;
    readonly duplicate: number;
    readonly dropped: number;
  };
}

export interface SwitchedWorkflow {
  readonly name: string;
  readonly active: boolean;
  readonly triggers: readonly Trigger[];
}

/** A page of what a watch has found and nobody can read. */
export interface DeadLetters {
  readonly items: readonly {
    readonly key: string;
    readonly where: string;
    readonly reason: string;
    readonly at: string;
  }[];
  readonly next: string | null;
}

export interface FiredTrigger {
  readonly outcome: 'started' | 'held' | 'duplicate';
  readonly run: { readonly id: string; readonly url: string } | null;
  readonly held?: { readonly group: string; readonly dueAt: string | null };
}

/** What waits of a workflow. */
interface QueuedGroup {
  readonly group: string;
  readonly word: string;
  readonly trigger: string;
  readonly key: string;
  readonly count: number;
  readonly openedAt: string;
  readonly reason: string | null;
}

export interface Queue {
  readonly waiting: readonly {
    readonly run: { readonly id: string };
    readonly word: string;
    readonly position: number;
    readonly key: string;
    readonly priority: number;
    readonly since: string;
    readonly until: string | null;
  }[];
  readonly held: readonly (QueuedGroup & { readonly dueAt: string })[];
  readonly refused: readonly (QueuedGroup & { readonly refusedAt: string })[];
  readonly counts: { readonly waiting: number; readonly held: number; readonly refused: number };
  readonly next: string | null;
}

export interface Backfilled {
  readonly count: number;
  readonly first: string | null;
  readonly last: string | null;
}

/** A call of a webhook that was held for building. */
export interface CapturedCall {
  readonly seq: number;
  readonly at: string;
  readonly verified: boolean;
  readonly problem: string | null;
  readonly method: string;
  readonly path: string;
  readonly query: JsonObject;
  readonly headers: JsonObject;
  readonly body: Json;
  readonly leftOutBytes: number | null;
}

export interface Capture {
  readonly open: boolean;
  readonly next: number;
  readonly expiresAt: string;
  readonly address: string | null;
  readonly calls: readonly CapturedCall[];
}

/** How many calls a connection allows. */
export interface RateLimit {
  readonly limit: number;
  readonly per: string;
  readonly burst?: number;
}

export interface ConnectionSummary {
  readonly name: string;
  readonly type: string;
  readonly hosts?: readonly string[];
  readonly rateLimit?: RateLimit | null;
  readonly updatedAt?: string;
  readonly lastUsedAt?: string | null;
  /** Absent at an older server. */
  readonly state?: 'ok' | 'reconnect' | 'refreshError';
  /** Why it does not work, and who must do what. */
  readonly action?: string | null;
  readonly account?: string | null;
  readonly connectedAt?: string | null;
}

/** Where a person connects a connection. */
export interface ConnectionVisit {
  readonly url: string;
  readonly expiresAt: string;
  readonly redirectUri: string;
}

export type Reconnected =
  | { readonly connected: true; readonly connection: ConnectionSummary }
  | ({ readonly connected: false } & ConnectionVisit);

export type ConnectionTest =
  | { readonly ok: true; readonly account?: string; readonly scopes?: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** A place in a published graph that names a connection. */
export interface ConnectionUse {
  readonly workflow: string;
  readonly version: number;
  readonly kind: 'node' | 'trigger';
  readonly id: string;
  readonly uses: string;
}

/** Statuses that a run never leaves. */
const ENDED: readonly RunStatus[] = ['succeeded', 'failed', 'cancelled', 'terminated', 'timed-out'];

export const hasEnded = (run: { readonly status: RunStatus }): boolean => ENDED.includes(run.status);

/** What a provider offers for a parameter. */
export interface OptionsPage {
  readonly items: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
  readonly next: string | null;
}

/** What calls to models used together. Amounts are US dollars as texts. */
export interface UsageSum {
  readonly calls: number;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly cost: string;
  readonly unpriced: number;
  readonly open: number;
  readonly reserved: string;
}

/** Usage in groups and in all. */
export interface Usage {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly items: readonly (UsageSum & {
    readonly day?: string;
    readonly workflow?: string;
    readonly provider?: string;
    readonly model?: string;
    readonly connection?: string | null;
  })[];
  readonly total: UsageSum;
  readonly complete: boolean;
}

/** One call to a model. */
export interface ModelCall {
  readonly run: string;
  readonly step: string;
  readonly attempt: number;
  readonly provider: string;
  readonly model: string;
  readonly state: string;
  readonly usage: {
    readonly input: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
    readonly output: number;
  };
  readonly estimate: string | null;
  readonly cost: string | null;
  readonly madeAt: string;
}

export interface Budget {
  readonly name: string;
  readonly scope: string;
  readonly workflow: string | null;
  readonly period: string;
  readonly kind: 'hard' | 'soft';
  readonly amount: string;
  readonly spent: string | null;
  readonly left: string | null;
  readonly passed: boolean | null;
}

/** A prompt as a list shows it. */
export interface PromptEntry {
  readonly name: string;
  readonly version: number;
  readonly updatedAt: string;
}

export interface PromptVersion {
  readonly version: number;
  readonly message: string | null;
  readonly author: string;
  readonly createdAt: string;
}

export interface Prompt extends PromptVersion {
  readonly name: string;
  readonly document: PromptDocument;
}
