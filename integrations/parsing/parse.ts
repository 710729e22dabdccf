import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { z } from 'zod';
import { holdsTooMuch } from '../../graph/json-extent.ts';
import { MOST_OF_JSON } from '../../graph/limits.ts';
import { launch } from '../code/launch/launcher.ts';
import type { Answer } from '../code/launch/messages.ts';
import { chooseWall } from '../code/sandbox.ts';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { type ParserName, parserBundle } from './bundle.ts';
import { CODES } from './failures.ts';

const CHILD = readFileSync(new URL('child.cjs', import.meta.url), 'utf8');

/** One task for a parser. */
export interface ParserCall<T> {
  readonly parser: ParserName;
  /** Name of the task in the parser's `program.ts`. */
  readonly task: string;
  readonly parameters: object;
  readonly bytes?: Uint8Array;
  /** What the task answers. The child read bytes of others, so nothing is taken on trust. */
  readonly answer: z.ZodType<T>;
  /** Limit on the time of the processor, in milliseconds. Default: a minute. */
  readonly timeoutMs?: number;
  /** Files of our libraries that the parser needs. */
  readonly files?: readonly string[];
}

/** Time of the processor that a document may take. */
const TIMEOUT_MS = 60_000;

/**
 * Runs a task of a parser in a fresh child behind the strongest wall, with limits on memory and time. Whatever the bytes
 * do to the parser, only this step notices.
 *
 * @returns what the task answered, and the bytes it made
 * @throws NodeError `document.*`
 */
export async function parse<T>(
  ctx: NodeContext,
  { parser, ...call }: ParserCall<T>,
): Promise<{ value: T; bytes: Uint8Array }> {
  return parseWith(ctx, await parserBundle(parser, ctx.options?.cacheFolder), call);
}

/** The same with any parser. @param bundle its file */
export async function parseWith<T>(
  ctx: NodeContext,
  bundle: string,
  {
    task,
    parameters,
    bytes = new Uint8Array(),
    files = [],
    timeoutMs = TIMEOUT_MS,
    answer,
  }: Omit<ParserCall<T>, 'parser'>,
): Promise<{ value: T; bytes: Uint8Array }> {
  const wall = await chooseWall(ctx.options?.codeSandbox ?? 'auto');
  const names = files.map((file) => basename(file));
  const request = Buffer.from(JSON.stringify({ task, parameters, names }));
  const program = {
    child: CHILD,
    pieces: [request, bytes],
    files: [bundle, ...files],
    timeoutMs,
    givesWay: ctx.inCrowd,
  };
  const said = read(bytesOf(await launch(wall, program, ctx.signal), timeoutMs));
  if (said.failed) throw failureOf(ctx, said.failed);
  const value = answer.safeParse(said.value);
  if (!value.success)
    throw new NodeError('document.broken', 'The document makes its parser answer what makes no sense.');
  return { value: value.data, bytes: said.bytes };
}

function bytesOf(answer: Answer, timeoutMs: number): Uint8Array {
  switch (answer.kind) {
    case 'answered':
      return answer.bytes;
    case 'timeout':
      throw new NodeError(
        'document.timeout',
        `The document took more than ${timeoutMs / 1000} seconds of the processor's time. Split it, or ask for less of it.`,
      );
    case 'memory':
      throw tooLarge('it needs more memory than a document may have');
    case 'output':
      throw tooLarge('what it holds is more than 64 MiB');
    case 'crashed':
      throw new NodeError('document.crashed', `The parser ended without an answer (${answer.why}).`, {
        retryable: true,
      });
  }
}

interface Said {
  readonly failed?: { readonly code: string; readonly message: string | null };
  readonly value: unknown;
  readonly bytes: Uint8Array;
}

/** The answer begins with the size of a JSON text; bytes follow the text. */
function read(bytes: Uint8Array): Said {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const end = 4 + buffer.readUInt32LE(0);
    const text = buffer.toString('utf8', 4, end);
    if (holdsTooMuch(text)) throw tooLarge(`what it holds is more than ${MOST_OF_JSON}`);
    return { ...(JSON.parse(text) as Omit<Said, 'bytes'>), bytes: buffer.subarray(end) };
  } catch (error) {
    if (error instanceof NodeError) throw error;
    throw new NodeError('document.broken', 'The document made its parser answer what cannot be read.');
  }
}

function failureOf(ctx: NodeContext, { code, message }: { code: unknown; message: unknown }): NodeError {
  // Some libraries wrap the error of a memory that is full into one of their own.
  const isFull = /allocation failed|invalid (typed )?(array|string) length/i.test(String(message));
  if (isFull || (code === 'document.tooLarge' && message === null))
    return tooLarge('it needs more memory than a document may have');
  const known = typeof code === 'string' && Object.hasOwn(CODES, code) ? code : 'document.broken';
  const text = ctx.excerpt(plain(String(message)), 500);
  return new NodeError(known, known === 'document.broken' ? `The document cannot be read: ${text}` : text);
}

/** What a library says, in one line and without its own marks: `warning: [xmldom warning]<tab>unclosed attribute`. */
const plain = (message: string): string =>
  message
    .split('\n', 1)[0]!
    .replace(/^(?:\w+: )?\[xmldom \w+\]/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

const tooLarge = (why: string): NodeError =>
  new NodeError('document.tooLarge', `The document is too large: ${why}. Split it, or ask for less of it.`);
