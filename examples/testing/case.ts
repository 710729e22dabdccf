import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Json } from '../../graph/json.ts';

/** One way to run an example, and how it ends: `expect.json` of its folder. File names are relative to `examples/`. */
export interface Case {
  readonly name: string;
  /** Steps that are done first, in order. */
  readonly before?: readonly Step[];
  /** Arguments of `blok run`. `$ID` is a new word each time the case is run. */
  readonly run: readonly string[];
  /** Answers to the waits of the run, each given once its wait is there. `$RUN` is the run's id. */
  readonly during?: readonly {
    readonly wait: { readonly step: string; readonly kind: string };
    /** Subject of the mail that asks for the answer: it must have arrived before. */
    readonly mail?: string;
    readonly cli: readonly string[];
  }[];
  readonly ends: {
    readonly status: string;
    readonly output: Json;
    readonly error?: { readonly code: string; readonly step?: string };
  };
  /** Effects on the outside world: these and no others. `calls` is given where it matters; a kill may add calls. */
  readonly effects?: readonly { readonly name: string; readonly applied?: number; readonly calls?: number }[];
  /** Mails it sent: these and no others. */
  readonly mail?: readonly { readonly to: string; readonly subject: string; readonly text?: string }[];
}

/** A command line of `blok`, or a call to the playground. */
export type Step =
  | { readonly cli: readonly string[] }
  | { readonly http: readonly [method: string, path: string, body: Json] };

/** An example's folder and its cases. */
export interface Example {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** The folder of all examples. */
export const EXAMPLES = dirname(import.meta.dirname);

/** All examples, by name. */
export function loadExamples(): Example[] {
  return readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(EXAMPLES, entry.name, 'expect.json')))
    .map(({ name }) => ({ name, cases: (JSON.parse(readExample(name, 'expect.json')) as { cases: Case[] }).cases }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Text of a file of an example. */
export const readExample = (name: string, file: string): string => readFileSync(join(EXAMPLES, name, file), 'utf8');

/** Names of the graphs in an example's folder. */
export const graphsOf = (name: string): string[] =>
  readdirSync(join(EXAMPLES, name)).filter((file) => file.endsWith('.yaml') && !file.endsWith('.test.yaml'));

/** Replaces `$RUN` and `$ID` in all texts of a value. */
export function fill<T>(value: T, names: Readonly<Record<string, string>>): T {
  const text = JSON.stringify(value).replace(/\$(RUN|ID)\b/g, (whole, name: string) => names[name] ?? whole);
  return JSON.parse(text) as T;
}
