import type { Wall } from '../walls.ts';

/** One run of a checked program. */
export interface Program {
  readonly program: string;
  readonly timeoutMs: number;
  /** From its beginning, the child uses only what others leave of the processor. */
  readonly givesWay: boolean;
}

/** The answer of a child, or how the child ended without an answer. */
export type Answer =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'timeout' | 'memory' | 'output' }
  | { readonly kind: 'crashed'; readonly why: string };

/** What the launcher is told: to run a program in a child, or to end that child. */
export type ToLauncher =
  | { readonly id: number; readonly wall: Wall; readonly program: Program }
  | { readonly id: number; readonly abort: true };

/** What the launcher says: how the child has ended. */
export interface FromLauncher {
  readonly id: number;
  readonly answer: Answer;
}
