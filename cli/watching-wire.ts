/** What the API says of all runs together, and of the installation. */

/** An approval that a run waits for. */
export interface Approval {
  readonly run: { readonly id: string; readonly url: string };
  readonly workflow: string;
  readonly step: string;
  readonly title: string | null;
  readonly since: string;
  readonly until: string | null;
}

/** How runs ended and how long they took. */
export interface RunStatistics {
  readonly runs: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly successRate: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** The same of the steps of a node. */
export interface NodeStatistics {
  readonly workflow: string;
  readonly node: string;
  readonly type: string;
  readonly count: number;
  readonly failed: number;
  readonly retries: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Statistics by hour or day. */
export interface Statistics {
  readonly by: string;
  readonly open: number;
  readonly total: RunStatistics;
  readonly buckets: readonly ({ readonly at: string } & RunStatistics)[];
  readonly nodes: { readonly slowest: readonly NodeStatistics[]; readonly failing: readonly NodeStatistics[] };
}

interface ServerState {
  readonly state: 'ok' | 'down';
  readonly version: string | null;
  readonly ms: number | null;
}

interface Due {
  readonly count: number;
  readonly oldestMs: number | null;
}

interface Room {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** How the installation is. */
export interface SystemState {
  readonly temporal: ServerState;
  readonly postgres: ServerState;
  readonly redis: { readonly state: 'ok' | 'down' | 'none' };
  readonly queues:
    | readonly {
        readonly name: string;
        readonly of: string;
        readonly waiting: number;
        readonly oldestMs: number;
        readonly workers: readonly unknown[];
      }[]
    | null;
  readonly work: {
    readonly openRuns: number;
    readonly firings: Due;
    readonly held: Due;
    readonly triggers: Due;
  } | null;
  readonly rounds: readonly { readonly name: string; readonly at: string; readonly ok: boolean }[];
  readonly machine: {
    readonly cores: number;
    readonly load: number;
    readonly memory: Room;
    readonly disk: Room | null;
  };
}
