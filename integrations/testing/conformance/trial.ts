import { setTimeout } from 'node:timers/promises';
import type { z } from 'zod';
import { connectionFits } from '../../../graph/node-types/context.ts';
import type { Network, OpenConnection } from '../../context.ts';
import type { NodeType } from '../../define.ts';
import { NodeError } from '../../error.ts';
import { connectionTypes } from '../../index.ts';
import { fakeContext, runNode } from '../run-node.ts';
import { CANARY, sampleConnection } from './sample.ts';

/** One run of a node with the parameters of an example. */
export interface Trial {
  readonly outcome: 'done' | 'hangs' | { readonly error: unknown };
  /** Everything that the node said: its error and its log. */
  readonly said: string;
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
}

/** Runs a node with the parameters of one of its examples. */
export async function tryNode(
  node: NodeType,
  parameters: z.input<z.ZodType>,
  { network, connection, signal = new AbortController().signal }: TrialWorld,
): Promise<Trial> {
  const ctx = fakeContext({ network, signal, connection });
  const running = runNode(node, ctx, parameters).then(
    () => 'done' as const,
    (error: unknown) => ({ error }),
  );
  const stop = new AbortController();
  const outcome = await Promise.race([
    running,
    setTimeout(node.queue ? PATIENCE_WITH_PROCESS_MS : PATIENCE_MS, 'hangs' as const, { signal: stop.signal }).catch(
      () => 'hangs' as const,
    ),
  ]);
  stop.abort();
  const error = typeof outcome === 'object' ? outcome.error : null;
  const { message, details, code } = (error ?? {}) as Partial<NodeError>;
  return { outcome, said: JSON.stringify([code, message, details, ctx.logged]) };
}

/** How a secret is shown: as it is, in hex, and within a longer text in base64, as HTTP basic authentication has it. */
const SHOWN: readonly string[] = [
  CANARY,
  Buffer.from(CANARY).toString('hex'),
  ...[0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), Buffer.from(CANARY)])
      .toString('base64')
      .slice(4, -4),
  ),
];

/** What every trial must keep to, whatever happened in it. */
export function* commonProblems({ outcome, said }: Trial, when: string): Generator<string> {
  if (outcome === 'hangs') yield `${when}, it does not end.`;
  if (SHOWN.some((form) => said.includes(form)))
    yield `${when}, its error or its log shows a secret of the connection.`;
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

/** A connection of each type that a node names; of a family of types, one. */
export function connectionsOf({ connection }: NodeType): (OpenConnection | null)[] {
  const types = [connection?.type ?? []]
    .flat()
    .map((wanted) => connectionTypes().find(({ type }) => connectionFits(wanted, type)));
  const known = types.flatMap((type) => type ?? []);
  return known.length === 0 ? [null] : known.map(sampleConnection);
}
