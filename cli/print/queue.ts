import type { CliContext } from '../context.ts';
import type { Queue } from '../wire.ts';
import { table } from './table.ts';

/** Runs that wait for their place, then events that are held, then events that were refused. */
export function printQueue(ctx: CliContext, { waiting, held, refused, next }: Queue): void {
  if (waiting.length > 0) {
    const header = ['  run', 'place', 'waits for', 'key', 'priority', 'since', 'goes on'];
    const rows = waiting.map(({ run, position, word, key, priority, since, until }) => [
      ...[`◷ ${run.id}`, String(position), word, key, String(priority), since, until ?? ''],
    ]);
    for (const line of table(header, rows)) ctx.out(line);
  }
  if (held.length > 0) {
    const header = ['  held', 'by', 'key', 'events', 'since', 'run begins', 'group'];
    const rows = held.map(({ trigger, word, key, count, openedAt, dueAt, group }) => [
      ...[`◷ ${trigger}`, word, key, String(count), openedAt, dueAt, group],
    ]);
    for (const line of table(header, rows)) ctx.out(line);
  }
  if (refused.length > 0) {
    const header = ['  refused', 'of', 'key', 'events', 'since', 'refused', 'group'];
    const rows = refused.map(({ trigger, word, key, count, openedAt, refusedAt, group }) => [
      ...[`✗ ${trigger}`, word, key, String(count), openedAt, refusedAt, group],
    ]);
    for (const line of table(header, rows)) ctx.out(line);
  }
  for (const { trigger, reason } of [...held, ...refused]) if (reason) ctx.out(`  ${trigger}: ${reason}`);
  if (next !== null) ctx.err(`More: add --cursor ${next}`);
}
