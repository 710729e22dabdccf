/**
 * The launcher: a small process that starts the children of a worker. To start a process, the system copies the tables of
 * its parent's memory, and the parent stands still meanwhile: that takes a worker 10 to 20 ms, and this process 1 ms.
 */
import type { Answer, FromLauncher, ToLauncher } from './messages.ts';
import { runProgram } from './run-program.ts';
import { endSpare } from './spare.ts';

const running = new Map<number, AbortController>();

async function run(message: ToLauncher): Promise<void> {
  if ('abort' in message) return running.get(message.id)?.abort();
  const { id, wall, program } = message;
  const controller = new AbortController();
  running.set(id, controller);
  const answer = await runProgram(wall, program, controller.signal).catch(
    ({ message }: Error): Answer => ({ kind: 'crashed', why: message }),
  );
  running.delete(id);
  const said: FromLauncher = { id, answer };
  if (process.connected) process.send?.(said);
}

process.on('message', (message: ToLauncher) => void run(message));
// A worker that stops lets its scripts end first. These signals reach the whole process group, as with Ctrl-C.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// The worker has ended, however that happened.
process.on('disconnect', () => {
  endSpare();
  for (const controller of running.values()) controller.abort();
  process.exit();
});
