import type { Wall } from '../walls.ts';

/** What every child is told, whatever it runs. */
interface Common {
  readonly timeoutMs: number;
  /** From its beginning, the child uses only what others leave of the processor. */
  readonly givesWay: boolean;
}

/** One run of a checked program of an author. */
export interface Program extends Common {
  readonly program: string;
}

/** One run of a parser of ours over bytes of others. */
export interface ParserProgram extends Common {
  /** The code that loads the parser (`node -e`). */
  readonly child: string;
  /** Files that the child is given, in this order: first the parser. The launcher reads them. */
  readonly files: readonly string[];
  /** What the child is given before the files: parameters, bytes. */
  readonly pieces: readonly Uint8Array[];
}

/** The answer of a child, or how the child ended without an answer. */
export type Answer =
  | { readonly kind: 'answered'; readonly bytes: Uint8Array }
  | { readonly kind: 'timeout' | 'memory' | 'output' }
  | { readonly kind: 'crashed'; readonly why: string };

/** What the launcher is told: to run a program in a child, or to end that child. */
export type ToLauncher =
  | { readonly id: number; readonly wall: Wall; readonly program: Program | ParserProgram }
  | { readonly id: number; readonly abort: true };

/** What the launcher says: how the child has ended. */
export interface FromLauncher {
  readonly id: number;
  readonly answer: Answer;
}
