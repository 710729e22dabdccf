import type { Graph } from '../../graph/document/types.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import type { RunRecord, StartInput, TriggerInfo } from '../../workflows/contract.ts';
import type { Watch } from '../endings.ts';
import type { RanInline } from './run-inline.ts';

/** What to run. */
export interface Loaded {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly version: number | null;
  /** When the version was published, if it was. */
  readonly publishedAt?: string;
  readonly vars: JsonObject;
}

/** What a caller asks for. `H`: what comes of a start that is held. */
export interface StartRequest<H = never> {
  readonly workflow: string;
  readonly trigger?: string;
  readonly input?: Json;
  /** What a trigger that has fired brings. Absent: a call counts as the trigger. */
  readonly fields?: JsonObject;
  readonly idempotencyKey?: string;
  /** Trigger and input of a run whose trigger has fired before: they were read then. */
  readonly ready?: { readonly trigger: TriggerInfo; readonly input: Json };
  /** May hold a firing whose key is new. Null: the run starts now. */
  readonly hold?: (loaded: Loaded, trigger: TriggerInfo) => Promise<H | null>;
  /** How many runs are above this one, if a run has caused it. */
  readonly depth?: number;
  /** What makes two requests the same, besides the workflow and the key. Absent: the key alone does. */
  readonly body?: JsonObject;
  /** The caller waits for the end of the run. */
  readonly waits: boolean;
  /** The run repeats another one, or takes over steps: Temporal executes it. */
  readonly repeat?: {
    /** Id of the run that is repeated. */
    readonly of?: string;
    /** What the run of this id takes over. */
    readonly taken?: (runId: string) => Promise<StartInput['taken']>;
  };
  /** Loads what to run; called only if the key is new. */
  readonly load: () => Promise<Loaded>;
}

/** A run that was started now or before; `record` is what was written about the run if it is new. */
export interface Started {
  readonly runId: string;
  readonly workflowId: string;
  /** False if the key had started it before. */
  readonly isNew: boolean;
  readonly record?: RunRecord;
  /** A new run that was executed at once: its record is on disk. */
  readonly inline?: RanInline;
  /** Tells of the end of a new run if the caller waits and the worker of this process reports ends. */
  readonly watch?: Watch;
  /** Writes the opening row of a new run. Resolves when it is written or given up; never rejects. */
  readonly open: () => Promise<void>;
  /** Keeps the graph that a new run was given, if the run has ended and has no opening row. */
  readonly keep?: () => Promise<void>;
}
