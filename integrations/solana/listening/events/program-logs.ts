/** What a program has logged itself, told from what others have logged in its name. */

/** Data that a program has logged. */
export interface LoggedData {
  /** The number of the line among all that the program logged in this transaction: it tells events apart. */
  readonly index: number;
  readonly data: Buffer;
}

/** The data that a program has logged in a transaction. */
export interface ProgramLog {
  readonly logged: readonly LoggedData[];
  /** Why there may be more, or null. */
  readonly cut: string | null;
}

const INVOKE = /^Program ([1-9A-HJ-NP-Za-km-z]{32,44}) invoke \[(\d+)\]$/;
const END = /^Program ([1-9A-HJ-NP-Za-km-z]{32,44}) (?:success$|failed: )/;
const DATA = 'Program data: ';
const CUT = 'Log truncated';

/**
 * Follows which program runs, by the lines that the chain itself writes when a program is called and when it ends. What a
 * program writes begins with other words (`Program log: `, `Program data: `), so that none can pretend that another one
 * runs. Calls that do not fit together, as in no real log, end the reading.
 */
export function programLog(lines: readonly string[], program: string): ProgramLog {
  const stack: string[] = [];
  const logged: LoggedData[] = [];
  for (const line of lines) {
    if (line === CUT) return { logged, cut: 'The log was cut by the chain: what follows is unknown.' };
    const [, called, depth] = INVOKE.exec(line) ?? [];
    const [, ended] = END.exec(line) ?? [];
    if (called !== undefined) {
      stack.push(called);
      if (Number(depth) !== stack.length) return { logged, cut: 'The calls in the log do not fit together.' };
    } else if (ended !== undefined) {
      if (stack.pop() !== ended) return { logged, cut: 'The calls in the log do not fit together.' };
    } else if (line.startsWith(DATA) && stack.at(-1) === program) {
      logged.push({ index: logged.length, data: bytesOf(line.slice(DATA.length)) });
    }
  }
  return { logged, cut: stack.length > 0 ? 'The log ends while a program runs.' : null };
}

/** A line may hold several parts, each in base64: an event of Anchor is one. */
const bytesOf = (text: string): Buffer => Buffer.concat(text.split(' ').map((part) => Buffer.from(part, 'base64')));
