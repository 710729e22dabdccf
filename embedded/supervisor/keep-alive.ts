/** A server that is restarted whenever it ends by itself. */
import type { ServerProcess } from '../process/server-process.ts';
import { pause } from '../process/wait.ts';
import { elapsed } from '../programs/progress.ts';

/** A server under supervision. */
export interface KeptServer {
  /** Stops the server for good. Resolves when it has ended. */
  readonly stop: (graceMs?: number) => Promise<void>;
}

/** Pauses before the first, second, ... restart in a row, in milliseconds; the last holds for all further ones. */
const BACK_OFF_MS = [200, 1_000, 2_000, 5_000, 10_000];

/** A server that has run this long restarts with the shortest pause. */
const STABLE_MS = 60_000;

/** Lines of a log that are searched for the reason of an end: Node prints two stacks after it. */
const LAST_LINES = 80;

/** How Node and Go say why they end a process. */
const REASON = /FATAL ERROR: |^# Fatal JavaScript|^fatal error: |^panic: /;

/** The last line of a log that gives a reason, if one does. */
function whyIn(tail: string): string[] {
  const line = tail.split('\n').findLast((one) => REASON.test(one));
  return line === undefined ? [] : [line.trim().slice(0, 200)];
}

/**
 * Starts a server and keeps it running.
 * @param start starts the server and resolves when it is ready; gives up when the signal is aborted
 * @param say receives one line for each end and each restart
 * @throws what the first start throws; later failures are printed, and the start is tried again
 */
export async function keepAlive(
  name: string,
  start: (signal: AbortSignal) => Promise<ServerProcess>,
  say: (line: string) => void,
): Promise<KeptServer> {
  const stopping = new AbortController();
  let current = await start(stopping.signal);
  const watch = async () => {
    let failures = 0;
    for (;;) {
      const began = Date.now();
      const how = await current.ended;
      if (stopping.signal.aborted) return;
      if (Date.now() - began > STABLE_MS) failures = 0;
      say(`${name} ended (${[how, ...whyIn(current.tail(LAST_LINES))].join(': ')}); starting it again`);
      const down = Date.now();
      for (;;) {
        await pause(BACK_OFF_MS[Math.min(failures++, BACK_OFF_MS.length - 1)]!, stopping.signal);
        if (stopping.signal.aborted) return;
        try {
          current = await start(stopping.signal);
          break;
        } catch (error) {
          if (stopping.signal.aborted) return;
          say(`${name} did not start: ${(error as Error).message.split('\n')[0]}`);
        }
      }
      if (stopping.signal.aborted) return current.stop();
      say(`${name} is back after ${elapsed(Date.now() - down)}`);
    }
  };
  const watching = watch();
  return {
    stop: async (graceMs) => {
      stopping.abort();
      await current.stop(graceMs);
      await watching;
    },
  };
}
