/** Every metric of Blok's own. Dashboards and alerts are checked against this list. */

/** Seconds, from a millisecond to ten minutes. */
const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];

interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

/** By name. No label may hold what a caller chooses freely: each value costs memory in every server that keeps it. */
export const METRICS = {
  blok_http_request_seconds: {
    type: 'histogram',
    help: 'Requests to the API, by the pattern of their address.',
    labels: ['method', 'route', 'status'],
    buckets: SECONDS,
  },
  blok_runs_ended_total: { type: 'counter', help: 'Runs that ended here.', labels: ['status'] },
  blok_run_seconds: {
    type: 'histogram',
    help: 'How long they took from their start.',
    labels: ['status'],
    buckets: [...SECONDS, 3_600, 86_400],
  },
  blok_step_seconds: {
    type: 'histogram',
    help: 'Attempts of steps, by node type, by what the type promises about its effect, and by how they ended.',
    labels: ['type', 'effect', 'outcome'],
    buckets: SECONDS,
  },
  blok_step_retries_total: { type: 'counter', help: 'Attempts beyond the first.', labels: ['type'] },
  blok_step_queue_seconds: {
    type: 'histogram',
    help: 'How long an attempt waited in its task queue for a worker.',
    labels: ['queue'],
    buckets: SECONDS,
  },
  blok_cost_usd_total: {
    type: 'counter',
    help: 'What calls to models cost, as far as prices are known.',
    labels: ['type'],
  },
  blok_up: { type: 'gauge', help: 'Whether a server answers: 1 or 0.', labels: ['server'] },
  blok_open_runs: { type: 'gauge', help: 'Runs that have not ended.', labels: [] },
  blok_queue_waiting: { type: 'gauge', help: 'Tasks that wait in a task queue.', labels: ['queue', 'of'] },
  blok_queue_oldest_seconds: { type: 'gauge', help: 'How long the first of them waits.', labels: ['queue', 'of'] },
  blok_queue_workers: { type: 'gauge', help: 'Workers that ask for tasks.', labels: ['queue', 'of'] },
  blok_due_waiting: { type: 'gauge', help: 'What is to be done in the background.', labels: ['what'] },
  blok_due_oldest_seconds: { type: 'gauge', help: 'How long the first of it has been due.', labels: ['what'] },
  blok_round_age_seconds: {
    type: 'gauge',
    help: 'How long ago a background task did all its work.',
    labels: ['task'],
  },
  blok_live_followers: { type: 'gauge', help: 'Connections that follow changes.', labels: [] },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/** The names of one type of metric. */
export type NameOf<Type extends Metric['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never;
}[MetricName];

/** The labels of a metric. */
export type LabelsOf<Name extends MetricName> = Readonly<Record<(typeof METRICS)[Name]['labels'][number], string>>;
