import { expect, it } from 'vitest';
import type { ServerProcess } from '../process/server-process.ts';
import { until } from '../process/wait.ts';
import { keepAlive } from './keep-alive.ts';

/** A server that ends when told, with a log. */
function fakeServer(log: string) {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  const server = { ended, tail: () => log, stop: async () => end('stopped') } as unknown as ServerProcess;
  return { server, end };
}

it('starts a server again that ended by itself, and says why it ended', async () => {
  const lines: string[] = [];
  const first = fakeServer(
    '<--- Last few GCs --->\nFATAL ERROR: Reached heap limit Allocation failed\n----- Native stack trace -----\n1: 0x7 [node]',
  );
  const second = fakeServer('listening');
  const starts = [first, second, fakeServer('')];
  const kept = await keepAlive(
    'Blok',
    async () => starts.shift()!.server,
    (line) => lines.push(line),
  );
  first.end('killed by SIGABRT');
  await until(() => lines.length === 2, { withinMs: 5_000 });
  second.end('killed by SIGKILL');
  await until(() => lines.length === 4, { withinMs: 5_000 });
  await kept.stop();
  expect(lines).toEqual([
    'Blok ended (killed by SIGABRT: FATAL ERROR: Reached heap limit Allocation failed); starting it again',
    expect.stringMatching(/^Blok is back after/),
    'Blok ended (killed by SIGKILL); starting it again',
    expect.stringMatching(/^Blok is back after/),
  ]);
});
