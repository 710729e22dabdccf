/** The terminal's side of `npm start`: lines, signals, and the exit code. */
import { start } from './start.ts';
import type { StartOptions } from './starting.ts';
import { welcome } from './welcome.ts';

/** Signals that arrive twice (from the terminal, and passed on by npm) count once. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Starts Blok and runs it until it is asked to stop: Ctrl-C, SIGTERM, SIGHUP, or the end of the process that started
 * this one. A second request, later, ends it immediately.
 * @param options called inside, so that its errors are printed plainly
 * @returns the exit code
 */
export async function runUntilStopped(options: () => Omit<StartOptions, 'say'>): Promise<number> {
  const say = (line: string) => console.log(line);
  const aborted = new AbortController();
  const asked = listenForStop();
  void asked.first.then(() => aborted.abort(new Error('stopped')));
  const began = Date.now();
  try {
    const given = options();
    const blok = await start({ ...given, say }, aborted.signal);
    if (!aborted.signal.aborted) say(welcome(given.config, blok.url, Date.now() - began));
    await asked.first;
    say('Stopping');
    void asked.second.then(() => blok.stop());
    await blok.stop();
    say('Stopped');
    return 0;
  } catch (error) {
    if (aborted.signal.aborted) {
      say('Stopped before it was ready');
      return 130;
    }
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function listenForStop(): { readonly first: Promise<void>; readonly second: Promise<void> } {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let at: number | undefined;
  const ask = () => {
    if (at === undefined) {
      at = Date.now();
      first.resolve();
    } else if (Date.now() - at > SAME_SIGNAL_MS) {
      second.resolve();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) first.resolve();
  }, 500).unref();
  return { first: first.promise, second: second.promise };
}
