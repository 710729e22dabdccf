import type { z } from 'zod';
import type { Effect, Retirement } from '../graph/catalogue.ts';
import type { LoadChoices, LoadFields } from './choices/types.ts';
import type { NodeContext, OpenConnection, RateLimit } from './context.ts';
import type { ConnectionType, ConnectionUse } from './define-connection.ts';
import type { TriggerType } from './define-trigger.ts';

/** Queues besides the main one. */
export type QueueName = 'code' | 'wallet';

/** A node type: the single source of its schemas, forms, docs and prompts, and of what the worker runs. */
export interface NodeType<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** `provider.verbNoun`. */
  readonly type: string;
  /** Semantic version. A change in the shape of the input or output needs a new major version. */
  readonly version: string;
  readonly title: string;
  /** One paragraph for people and models. */
  readonly description: string;
  /**
   * The connection the node opens. With `scopes`, authors are warned if the connection is known to lack one.
   */
  readonly connection?: ConnectionUse;
  readonly input: I;
  readonly output: O;
  /** Named ports instead of `out`, if the node chooses between ports. */
  readonly ports?: readonly string[];
  readonly effect: Effect;
  /** Time limit for the whole node, all attempts included: a duration. */
  readonly timeout: string;
  readonly retry: {
    readonly maxAttempts: number;
    readonly delay: string;
    readonly factor: number;
    readonly maxDelay: string;
    readonly attemptTimeout: string;
    readonly giveUpOn?: readonly string[];
  };
  /**
   * Queue of its steps, if they need what a worker has little of: each queue has places of its own and takes turns
   * (`activities/turns`). Absent: the main queue, for steps that mostly wait for others.
   */
  readonly queue?: QueueName;
  /**
   * How many calls of this node the provider allows, for each connection and `rateKey`. Limits of the whole connection stand at
   * its type. All workers share them, and a step that waits for its turn occupies no worker and uses up no attempt.
   */
  readonly rate?: RateLimit;
  /** Names what has a limit of its own, such as a channel. Absent: the connection. */
  rateKey?(input: z.output<I>, connection: OpenConnection | null): string;
  /** At least one; each `with` parses against `input` (the conformance test checks). */
  readonly examples: readonly { readonly title: string; readonly with: z.input<I> }[];
  /** The codes the node fails with, and their meanings: for docs, and for `giveUpOn` and `error.code` in graphs. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Parameters that are JSON Schemas: one that is written out is checked before the graph runs. */
  readonly schemas?: readonly string[];
  /** Values of parameters that stop working on a day, by parameter: authors who use one are warned. */
  readonly retires?: Readonly<Record<string, Readonly<Record<string, Retirement>>>>;
  /** Markdown for the docs page: promises, limits, what an author must know. */
  readonly notes?: string;
  /** Choices of parameters, loaded from the provider while an author fills in the node: by parameter. */
  readonly options?: Readonly<Record<string, LoadChoices>>;
  /** The schema of a parameter called `fields`, if it depends on the connection and on the other parameters. */
  readonly fields?: LoadFields;
  /** Does the work. Throws `NodeError`; any other error is classified. */
  run(ctx: NodeContext, input: z.output<I>): Promise<z.input<O>>;
}

/** A provider: the nodes, triggers and connection types of one folder. */
export interface Provider {
  /** First word of the provider's node types: `http` in `http.request`. */
  readonly id: string;
  readonly title: string;
  /** The group under which palettes show it; absent: its title. */
  readonly category?: string;
  /** Name of an icon of Lucide (lucide.dev); absent: `box`. */
  readonly icon?: string;
  readonly nodes: readonly NodeType[];
  readonly triggers?: readonly TriggerType[];
  readonly connections: readonly ConnectionType[];
}

/**
 * Defines a node type. One file, one node. The catalogue is loaded everywhere, so a node imports its SDK inside `run`
 * (`await import(…)`), never at the top of the file.
 *
 * @example
 * export const get = defineNode({ type: 'kv.get', version: '1.0.0', …, run: (ctx, { key }) => ctx.kv.get(key) });
 */
export function defineNode<I extends z.ZodType, O extends z.ZodType>(node: NodeType<I, O>): NodeType<I, O> {
  return node;
}

/** Defines a provider; `catalog.ts` lists it. */
export function defineProvider(provider: Provider): Provider {
  return provider;
}
