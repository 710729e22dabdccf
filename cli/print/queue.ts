import type { CliContext } from '../context.ts';
import type { Queue } from '../wire.ts';
import { table } from './table.ts';

/** Runs that wait for their place, then events that are held. */
export function printQueue(ctx: CliContext, { waiting, held, counts }: Queue): void {
  if (waiting.length > 0) {
    const header = ['  run', 'place', 'waits for', 'key', 'priority', 'since', 'goes on'];
    const rows = waiting.map(({ run, position, word, key, priority, since, until }) => [
      ...[`◷ ${run.id}`, String(position), word, key, String(priority), since, until ?? ''],
    ]);
    for (const line of table(header, rows)) ctx.out(line);
  }
  if (held.length > 0) {
    const header = ['  held', 'by', 'key', 'events', 'since', 'run begins'];
    const rows = held.map(({ trigger, word, key, count, openedAt, dueAt }) => [
      ...[`◷ ${trigger}`, word, key, String(count), openedAt, dueAt],
    ]);
    for (const line of table(header, rows)) ctx.out(line);
  }
  for (const { trigger, reason } of held) if (reason) ctx.out(`  ${trigger}: ${reason}`);
  const more = counts.waiting + counts.held - waiting.length - held.length;
  if (more > 0) ctx.err(`More: ${more}. Add --limit.`);
}
