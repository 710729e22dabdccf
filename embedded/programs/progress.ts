/** One line that says what is taking long, and for how long already. */

/** Shows what is happening until it is done. */
export interface Progress {
  /** What is happening now. */
  readonly update: (detail: string) => void;
  readonly done: (detail?: string) => void;
}

/** Says nothing. */
export const SILENT: Progress = { update: () => {}, done: () => {} };

const QUIET_EVERY_MS = 15_000;

/**
 * Starts a line of progress. On a terminal it is redrawn each second; elsewhere a line is added every 15 seconds.
 * @param write where to, for tests
 */
export function startProgress(
  title: string,
  { write = (text: string) => void process.stderr.write(text), terminal = process.stderr.isTTY === true } = {},
): Progress {
  const began = Date.now();
  let detail = '';
  let drawn = false;
  const line = () => `${title}${detail && `: ${detail}`} (${elapsed(Date.now() - began)})`;
  const draw = () => {
    write(terminal ? `\r\x1b[2K${line()}` : `${line()}\n`);
    drawn = true;
  };
  if (!terminal) write(`${title} ...\n`);
  const timer = setInterval(draw, terminal ? 1_000 : QUIET_EVERY_MS);
  timer.unref();
  return {
    update: (next) => {
      detail = next;
    },
    done: (final = 'done') => {
      clearInterval(timer);
      detail = final;
      if (terminal) write(`${drawn ? '\r\x1b[2K' : ''}${line()}\n`);
      else write(`${line()}\n`);
    },
  };
}

/** `8 s`, `2 min 5 s`. */
export function elapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
