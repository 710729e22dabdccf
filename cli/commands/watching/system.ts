import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import { formatElapsed } from '../../print/time.ts';
import type { SystemState } from '../../wire.ts';

/** Prints how the installation is. Exit code 1 if a part of it is down. */
export async function system(ctx: CliContext, { json }: { readonly json: boolean }): Promise<number> {
  const found = await ctx.client.system();
  if (json) ctx.out(JSON.stringify(found, null, 2));
  else print(ctx, found);
  const isDown = [found.temporal, found.postgres, found.redis].some(({ state }) => state === 'down');
  return isDown ? EXIT.failed : EXIT.ok;
}

function print(ctx: CliContext, { temporal, postgres, redis, queues, work, rounds, machine }: SystemState): void {
  const servers = [
    ['temporal', temporal.state, temporal.version ?? '', answer(temporal.ms)],
    ['postgres', postgres.state, postgres.version ?? '', answer(postgres.ms)],
    ['redis', redis.state, '', ''],
  ];
  for (const line of table(['server', 'state', 'version', 'answers in'], servers)) ctx.out(line);
  ctx.out('');
  const rows = (queues ?? []).map(({ name, of, waiting, oldestMs, workers }) => [
    ...[`${name} (${of})`, String(waiting), waiting > 0 ? formatElapsed(oldestMs) : '', String(workers.length)],
  ]);
  for (const line of table(['queue', 'waiting', 'oldest', 'workers'], rows)) ctx.out(line);
  if (work) {
    ctx.out('');
    const { openRuns, firings, held, triggers } = work;
    const lags = Object.entries({
      'events to start runs': firings,
      'held events': held,
      'triggers to set up': triggers,
    });
    const due = lags.map(([name, { count, oldestMs }]) => [
      name,
      String(count),
      oldestMs === null ? '' : formatElapsed(oldestMs),
    ]);
    for (const line of table(['work', 'waiting', 'oldest'], [['open runs', String(openRuns), ''], ...due]))
      ctx.out(line);
  }
  for (const { name, at, ok } of rounds) if (!ok) ctx.out(`✗ ${name} failed at ${at}`);
  const { memory, disk, load, cores } = machine;
  const room = disk ? `, disk ${share(disk)} free` : '';
  ctx.err(`Load ${load.toFixed(1)} on ${cores} cores, memory ${share(memory)} free${room}.`);
}

const answer = (ms: number | null): string => (ms === null ? '' : `${ms} ms`);
const share = ({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): string =>
  `${Math.round((100 * freeBytes) / totalBytes)} %`;

/** How the command is called. */
export const declareSystem: Declaration = ({ command, does, ctx }) =>
  command('system', 'print how the installation is: servers, queues, workers, what waits').action(
    does((options) => system(ctx, options)),
  );
