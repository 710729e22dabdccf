import type { Json, JsonObject } from '../json.ts';
import type { Problem } from '../problems/problem.ts';
import type { RunError, StepRecord } from '../run-state/index.ts';
import type { STATUSES, STEP_WORDS } from './schema.ts';

/** How a run of a case ends, or does not begin. */
export type CaseStatus = (typeof STATUSES)[number];

/** A failure of an effect, as it is written out. */
export interface CaseFailure {
  readonly code: string;
  readonly message?: string;
  readonly times?: number;
  readonly retryable?: boolean;
  readonly unknown?: boolean;
  readonly details?: Json;
}

/** What a case and the defaults of its file may both say. */
export interface Setting {
  readonly clock?: string;
  readonly runId?: string;
  readonly vars?: JsonObject;
  readonly pins?: JsonObject;
  readonly failures?: Readonly<Record<string, string | CaseFailure>>;
  readonly takes?: Readonly<Record<string, string>>;
}

/** An event that arrives during the run. */
export interface CaseEvent {
  readonly name: string;
  readonly key?: string;
  readonly data?: Json;
  readonly at?: string;
}

export type StepWord = (typeof STEP_WORDS)[number];

/** What is expected of a step, or of all steps of a node. */
export interface ExpectedStep {
  readonly status?: StepWord;
  readonly count?: number;
  readonly port?: string;
  readonly attempts?: number;
  readonly error?: string;
  readonly input?: Json;
  readonly output?: Json;
  readonly outputIncludes?: Json;
}

/** An effect that the run is expected to ask for. */
export interface ExpectedEffect {
  readonly step?: string;
  readonly uses?: string;
  readonly with?: Json;
  readonly exactly?: boolean;
  readonly times?: number;
}

/** What must be true of the run of a case. */
export interface Expectation {
  readonly status?: CaseStatus;
  readonly output?: Json;
  readonly outputIncludes?: Json;
  readonly error?: string | { readonly code?: string; readonly message?: string; readonly step?: string };
  readonly steps?: Readonly<Record<string, StepWord | number | ExpectedStep>>;
  readonly effects?: readonly (string | ExpectedEffect)[];
  readonly effectsInOrder?: readonly (string | ExpectedEffect)[];
  readonly respond?: Json;
  readonly waits?: readonly string[];
  readonly lasts?: string;
}

/** One way to run a graph, and how it must end. */
export interface Case extends Setting {
  readonly name: string;
  readonly input?: Json;
  readonly trigger?: string | (JsonObject & { readonly id: string });
  readonly events?: readonly CaseEvent[];
  readonly cancel?: string;
  readonly expect: Expectation;
}

/** A file of graph tests: `NAME.test.yaml`. */
export interface Suite {
  readonly graph?: string;
  readonly defaults?: Setting;
  readonly cases: readonly Case[];
}

/** One effect that a run asked for. */
export interface Requested {
  readonly path: string;
  readonly uses: string;
  /** Its resolved parameters. */
  readonly with: Json;
}

/** How the run of a case went. */
export interface Played {
  readonly status: CaseStatus;
  readonly output: Json;
  readonly error: Pick<RunError, 'code' | 'message' | 'step'> | null;
  readonly steps: readonly StepRecord[];
  readonly effects: readonly Requested[];
  /** Effects that the case answers neither with a pin nor with a failure. */
  readonly unanswered: readonly Requested[];
  readonly waits: readonly string[];
  readonly response: Json;
  /** How long the run took by its own clock, in ms; null if it has not ended. */
  readonly lasted: number | null;
  /** What its expressions cost, in fuel: the same on every machine. */
  readonly fuel: number;
}

/** Something that is not as a case expects. */
export interface Difference {
  /** What differs: `output.paid`, `steps.charge`, `effects[2].with.url`. */
  readonly what: string;
  /** Absent: nothing of the kind was expected. */
  readonly expected?: Json;
  /** Absent: there was nothing of the kind. */
  readonly actual?: Json;
  /** What is wrong, where two values do not say it. */
  readonly message?: string;
  /** JSON Pointer into the file of the case. */
  readonly path: string;
}

/** What came of one case. */
export interface CaseResult {
  readonly name: string;
  readonly passed: boolean;
  readonly differences: readonly (Difference & Pick<Problem, 'line' | 'column'>)[];
}
