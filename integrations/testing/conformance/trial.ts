import { setTimeout } from 'node:timers/promises';
import type { z } from 'zod';
import type { Json } from '../../../graph/json.ts';
import { connectionFits } from '../../../graph/node-types/context.ts';
import type { Cell, Network, OpenConnection } from '../../context.ts';
import type { NodeType } from '../../define.ts';
import { NodeError } from '../../error.ts';
import { connectionTypes } from '../../index.ts';
import { fakeContext } from '../run-node.ts';
import { watchAmbient } from './ambient.ts';
import { CANARY, sampleConnection, shows } from './sample.ts';
import { watchSockets } from './sockets.ts';

/** One run of a node with the parameters of an example. */
export interface Trial {
  readonly outcome: 'done' | 'hangs' | { readonly error: unknown };
  /** Everything that the node said: its error, its log, what it printed, returned and kept. */
  readonly said: string;
  /** What it did that no node may do, whatever happened. */
  readonly misdeeds: readonly string[];
  /** It keeps an answer as a stream of any length, as it is meant to. */
  readonly streams: boolean;
  /** It remembers something between its attempts. */
  readonly remembers: boolean;
}

/** How long a node may take that nobody answers, or that nobody waits for any more. */
const PATIENCE_MS = 5_000;
/** The same for a node that starts a process of its own, which leaves the processor to others. */
const PATIENCE_WITH_PROCESS_MS = 30_000;

/** Where a node is tried. */
export interface TrialWorld {
  readonly network: Network;
  readonly connection: OpenConnection | null;
  readonly signal?: AbortSignal;
  readonly idempotencyKey?: string;
  /** The only target that a socket may be opened to. */
  readonly server?: string;
}

/** Runs a node with the parameters of one of its examples. */
export async function tryNode(
  node: NodeType,
  parameters: z.input<z.ZodType>,
  { server, signal = new AbortController().signal, ...world }: TrialWorld,
): Promise<Trial> {
  const kept: unknown[] = [];
  const ctx = watchedContext({ ...world, signal }, kept);
  const sockets = watchSockets(server);
  const ambient = watchAmbient();
  let outcome: Trial['outcome'];
  try {
    outcome = await patiently(node, run(node, ctx, parameters, kept));
  } finally {
    ambient.stop();
    sockets.stop();
  }
  const error = typeof outcome === 'object' ? outcome.error : null;
  const { message, details, code }: Partial<NodeError> =
    error instanceof NodeError ? error : { message: String(error) };
  return {
    outcome,
    said: JSON.stringify([code, message, details, ctx.logged, ambient.printed, kept]),
    misdeeds: [
      ...[...new Set(sockets.attempts)].map((target) => `It opens a connection past the guard: ${target}.`),
      ...ambient.found,
      ...(code === undefined || isDeclared(node, code) ? [] : [`It fails with ${code}, which "errors" does not name.`]),
    ],
    ...ctx.habits,
  };
}

interface Habits {
  streams: boolean;
  remembers: boolean;
}
/** Codes of what every node meets: the guard, the connection, the stores, and what a call makes of an answer or of none. */
const COMMON =
  /^((network|connection|blob|cell|prompt)\.|[a-z]\w*\.(\d{3}|network|timeout|failed|answer)$|solana\.noLedger$)/;

/** Whether the definition says what a code means, also as `acme.*` or `acme.<status>`. */
const isDeclared = ({ errors = {} }: NodeType, code: string): boolean =>
  COMMON.test(code) ||
  Object.keys(errors).some((name) => {
    const [before = '', after] = name.split(/\*|<\w+>/);
    return after === undefined ? code === name : code.startsWith(before) && code.endsWith(after);
  });

type Watched = ReturnType<typeof fakeContext> & { readonly habits: Readonly<Habits> };

/** A context that notes what a node keeps elsewhere. */
function watchedContext(world: Omit<TrialWorld, 'server'>, kept: unknown[]): Watched {
  const plain = fakeContext(world);
  const habits: Habits = { streams: false, remembers: false };
  return {
    ...plain,
    habits,
    cell: <T extends Json>(): Cell<T> => {
      habits.remembers = true;
      const cell = plain.cell<T>();
      return {
        ...cell,
        write: (value) => {
          kept.push(value);
          return cell.write(value);
        },
      };
    },
    files: {
      ...plain.files,
      write: (path, bytes, contentType) => {
        kept.push(path, Buffer.from(bytes).toString('latin1'));
        return plain.files.write(path, bytes, contentType);
      },
    },
    blobs: {
      ...plain.blobs,
      put: (bytes) => {
        kept.push(Buffer.from(bytes).toString('latin1'));
        return plain.blobs.put(bytes);
      },
      write(bytes) {
        habits.streams = true;
        return plain.blobs.write(bytes);
      },
    },
    kv: {
      ...plain.kv,
      set: (key, value, options) => {
        kept.push(key, value);
        return plain.kv.set(key, value, options);
      },
    },
    events: {
      emit: (event) => {
        kept.push(event);
        return plain.events.emit(event);
      },
    },
  };
}

/** What a node does after it has answered is its doing, too. */
const AFTERWARDS_MS = 5;

async function run(
  node: NodeType,
  ctx: Watched,
  parameters: z.input<z.ZodType>,
  kept: unknown[],
): Promise<'done' | { error: unknown }> {
  try {
    const output = await node.run(ctx, node.input.parse(parameters));
    kept.push(output);
    const [issue] = node.output.safeParse(output).error?.issues ?? [];
    if (issue) throw new TypeError(`its output does not fit its schema at ${issue.path.join('.')}: ${issue.message}`);
    return 'done';
  } catch (error) {
    return { error };
  } finally {
    await setTimeout(AFTERWARDS_MS);
  }
}

async function patiently(node: NodeType, running: Promise<'done' | { error: unknown }>): Promise<Trial['outcome']> {
  const stop = new AbortController();
  const patience = node.queue ? PATIENCE_WITH_PROCESS_MS : PATIENCE_MS;
  const hanging = setTimeout(patience, 'hangs' as const, { signal: stop.signal }).catch(() => 'hangs' as const);
  const outcome = await Promise.race([running, hanging]);
  stop.abort();
  return outcome;
}

/** What every trial must keep to, whatever happened in it. */
export function* commonProblems({ outcome, said, misdeeds }: Trial, when: string): Generator<string> {
  yield* misdeeds;
  if (outcome === 'hangs') yield `${when}, it does not end.`;
  if (shows(said, CANARY)) yield `${when}, it shows a secret of the connection in its error, its log or its output.`;
  if (typeof outcome === 'object' && !(outcome.error instanceof NodeError)) {
    yield `${when}, it throws what it did not classify: ${String(outcome.error).slice(0, 200)}`;
  }
}

/** How often the most frequent of some texts occurs: a node may ask several services at once, but none twice. */
export function mostEqual(texts: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** A connection of each type that a node names; of a family of types, one. @param secret stands in its secret fields */
export function connectionsOf({ connection }: NodeType, secret?: string): (OpenConnection | null)[] {
  const types = [connection?.type ?? []]
    .flat()
    .map((wanted) => connectionTypes().find(({ type }) => connectionFits(wanted, type)));
  const known = types.flatMap((type) => type ?? []);
  return known.length === 0 ? [null] : known.map((type) => sampleConnection(type, secret));
}
