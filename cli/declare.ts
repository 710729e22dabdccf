import { type Command, InvalidArgumentError } from 'commander';
import type { CliContext } from './context.ts';

/** What a command is declared with. */
export interface Declaring {
  readonly ctx: CliContext;
  readonly program: Command;
  /** A command that takes `--json`. */
  readonly command: (usage: string, about: string) => Command;
  /** Makes an action of a function that returns its exit code. Refuses empty arguments. */
  // biome-ignore lint/suspicious/noExplicitAny: commander passes arguments and options in one list, untyped
  readonly does: <A extends any[]>(action: (...args: A) => Promise<number>) => (...args: A) => Promise<void>;
}

/** Adds one command with its arguments and options. */
export type Declaration = (declaring: Declaring) => void;

export const STRICT = ['--strict', 'let warnings count as errors', false] as const;
export const JSON_OPTION = ['--json', 'print JSON on standard output', false] as const;

/** Gathers an option that may be repeated. */
export const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

/** Reads an option that is a whole number within bounds. */
export const count = (min: number, max: number) => (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
};
