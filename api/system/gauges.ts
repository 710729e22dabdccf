import type { Metrics } from '../../telemetry/metrics.ts';
import type { Context } from '../context.ts';
import { getSystem } from './get.ts';

/** Sets what is measured only when somebody asks for it. One of the API processes is enough. */
export function setGauges(ctx: Context, metrics: Metrics): void {
  metrics.beforeRead(async () => {
    const { temporal, postgres, redis, queues, work, rounds, live } = await getSystem(ctx);
    const servers = Object.entries({ temporal, postgres, redis }).filter(([, { state }]) => state !== 'none');
    metrics.set(
      'blok_up',
      servers.map(([server, { state }]) => [{ server }, state === 'ok' ? 1 : 0]),
    );
    metrics.set('blok_live_followers', [[{}, live.followers]]);
    metrics.set(
      'blok_round_age_seconds',
      rounds.filter(({ ok }) => ok).map(({ name, at }) => [{ task: name }, (Date.now() - Date.parse(at)) / 1_000]),
    );
    const named = (queues ?? []).map((queue) => ({ ...queue, labels: { queue: queue.name, of: queue.of } }));
    metrics.set(
      'blok_queue_waiting',
      named.map(({ labels, waiting }) => [labels, waiting]),
    );
    metrics.set(
      'blok_queue_oldest_seconds',
      named.map(({ labels, oldestMs }) => [labels, oldestMs / 1_000]),
    );
    metrics.set(
      'blok_queue_workers',
      named.map(({ labels, workers }) => [labels, workers.length]),
    );
    if (!work) return;
    const { firings, held, triggers, statistics } = work;
    const due = Object.entries({ firings, held, triggers, statistics });
    metrics.set('blok_open_runs', [[{}, work.openRuns]]);
    metrics.set(
      'blok_due_waiting',
      due.map(([what, { count }]) => [{ what }, count]),
    );
    metrics.set(
      'blok_due_oldest_seconds',
      due.map(([what, { oldestMs }]) => [{ what }, (oldestMs ?? 0) / 1_000]),
    );
  });
}
