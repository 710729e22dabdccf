import type { Problem } from '../graph/problems/problem.ts';

/** What the process returns to its caller (docs/cli.md). */
export const EXIT = { ok: 0, failed: 1, badInput: 2, noServer: 3, interrupted: 130 } as const;

/** A failure of a command that the user can fix: printed as a sentence and a hint, never as a stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  /** Stable code for `--json`. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Problems of a graph, if those are the failure. */
  readonly problems: readonly Problem[] | undefined;
  /** The file that the problems are in, if the command reads several. */
  readonly file: string | undefined;

  constructor(
    exitCode: number,
    code: string,
    message: string,
    options: { hint?: string; problems?: readonly Problem[]; file?: string } = {},
  ) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.hint = options.hint;
    this.problems = options.problems;
    this.file = options.file;
  }
}

/** The caller gave something that cannot be used: exit code 2. */
export const badInput = (message: string, hint?: string, code = 'input.bad') =>
  new CliError(EXIT.badInput, code, message, hint === undefined ? {} : { hint });
