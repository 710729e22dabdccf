import { readFileSync } from 'node:fs';
import { type Allowance, PARSER, SCRIPT } from '../walls.ts';
import type { ParserProgram, Program } from './messages.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const CHILD = ['encoding-tables.cjs', 'child.cjs'].map((name) => read(`../${name}`)).join('\n');
/** Files that run in the script's realm before the script, in this order. */
const GUEST = ['json', 'csv', 'encodings', 'text', 'run'].map((name) => read(`../guest/${name}.js`)).join('\n');

/** Time a child may take beyond its limit, to start and to answer on a busy machine. */
const GRACE_MS = 5_000;

/** How the children of a kind are started. */
export interface Kind {
  /** What `node -e` runs. */
  readonly code: string;
  readonly allowance: Allowance;
  /** Processor time after which the system ends the child. */
  readonly cpuSeconds: number;
}

/** What one child does. */
export interface Job {
  readonly kind: Kind;
  /** What the child reads, in parts. */
  readonly stdin: readonly (string | Uint8Array)[];
  /** Time until the child is ended. */
  readonly withinMs: number;
  readonly maxAnswerBytes: number;
}

/** The job of a program. */
export const jobOf = (program: Program | ParserProgram): Job =>
  'child' in program ? parserJob(program) : scriptJob(program);

/**
 * All scripts are started alike, so a child can be started before anybody knows its script. The limit on its processor time
 * is that of the longest script. Those that may take less are ended by the clock.
 */
export const SCRIPT_KIND: Kind = { code: CHILD, allowance: SCRIPT, cpuSeconds: 12 };

function scriptJob({ program, timeoutMs }: Program): Job {
  return {
    kind: SCRIPT_KIND,
    stdin: [JSON.stringify({ guest: GUEST, program, timeoutMs })],
    withinMs: timeoutMs + GRACE_MS,
    // 1 MiB of output as JSON within JSON, plus the log lines.
    maxAnswerBytes: 8_388_608,
  };
}

function parserJob({ child, files, pieces, timeoutMs }: ParserProgram): Job {
  const parts = [...pieces, ...files.map((file) => readFileSync(file))];
  return {
    // What counts is the time that the processor spends on it. A busy machine takes longer over the same work.
    kind: { code: child, allowance: PARSER, cpuSeconds: Math.ceil(timeoutMs / 1000) },
    stdin: [sizesOf(parts), ...parts],
    withinMs: 2 * timeoutMs + GRACE_MS,
    maxAnswerBytes: 67_108_864,
  };
}

/** The number of parts, and the size of each, so that the child can tell them apart. */
function sizesOf(parts: readonly Uint8Array[]): Uint8Array {
  const sizes = Buffer.alloc(4 + 4 * parts.length);
  sizes.writeUInt32LE(parts.length);
  for (const [index, { byteLength }] of parts.entries()) sizes.writeUInt32LE(byteLength, 4 + 4 * index);
  return sizes;
}
