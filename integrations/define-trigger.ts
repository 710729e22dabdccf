import type { z } from 'zod';
import type { Json } from '../graph/json.ts';
import type { PollContext } from './context.ts';
import type { ConnectionUse } from './define-connection.ts';

/** Something new that a poll has found. */
export interface PolledItem<T = Json> {
  /** The same whenever the same thing is found: one run per key. */
  readonly key: string;
  readonly item: T;
}

/** What a poll asks for. */
export interface PollRequest<W, C> {
  readonly with: W;
  /** What the last poll returned. Null: nobody has looked yet, or what is watched has changed. */
  readonly cursor: C | null;
  /** For a poll without a cursor: whether it takes what is there already, or only notes where the new begins. */
  readonly from: 'now' | 'beginning';
}

/** What a poll has found. */
export interface Polled<T = Json, C = Json> {
  /** In the order in which their runs start; at most `MAX_POLLED`. */
  readonly items: readonly PolledItem<T>[];
  /** Where the next poll goes on. It is kept once the runs of all items have started. */
  readonly cursor: C;
  /** There is more already: the next poll follows at once. */
  readonly more?: boolean;
  /** What is new and cannot be read. It starts nothing, and is listed beside the trigger. */
  readonly deadLetters?: readonly DeadLetter[];
}

/** Something new that cannot be read. */
export interface DeadLetter {
  /** The same whenever the same thing is found. People look for it by this name, such as the signature of a transaction. */
  readonly key: string;
  /** Where it is, for people. */
  readonly where: string;
  readonly reason: string;
}

/** Most items of one poll. */
export const MAX_POLLED = 500;

/** An event that a provider has sent. */
export interface PushedEvents {
  readonly events: readonly PolledItem[];
}

/** How a provider pushes. The cursor stays the truth: what is pushed may also be only a hint to look. */
export interface TriggerWebhook {
  /** Registers `url` with the provider. What it returns is stored, and passed to the others. */
  register(ctx: PollContext, input: { readonly with: unknown; readonly url: string }): Promise<Json>;
  /** Extends a registration that ends. Returns the new one, and when it has to be renewed again. */
  renew(
    ctx: PollContext,
    registration: Json,
  ): Promise<{ readonly registration: Json; readonly renewAt: string | null }>;
  unregister(ctx: PollContext, registration: Json): Promise<void>;
  /** Whether the provider sent the request. Compares in constant time. */
  verify(request: { readonly headers: Headers; readonly body: Uint8Array }, registration: Json): boolean;
  events(request: { readonly headers: Headers; readonly body: Uint8Array }): PushedEvents;
}

/** What listening may use. */
export type ListenContext = Pick<PollContext, 'connection' | 'network'>;

/** What is listened for. */
export interface ListenRequest<W> {
  readonly with: W;
  /** Something may be new. May be called as often as one likes. */
  readonly hint: () => void;
}

/** A connection of a provider that is listened to. */
export interface Listening {
  /** Resolves when nothing more will be heard. */
  readonly ended: Promise<void>;
  close(): void;
}

/** A trigger of a provider: what it watches, and how to look for what is new. */
export interface TriggerType<
  W extends z.ZodObject = z.ZodObject,
  I extends z.ZodType = z.ZodType,
  C extends Json = Json,
> {
  /** `provider.event`. */
  readonly type: string;
  readonly title: string;
  /** One paragraph for people and models. */
  readonly description: string;
  /** The connection it opens: a connection type, a prefix ending in `*`, or several of them. */
  readonly connection?: ConnectionUse;
  /** Parameters. `every`, `from` and `whileOff` are added to each trigger (`watch-parameters.ts`). */
  readonly with: W;
  readonly item: I;
  /** How often to look, unless the author says something else: a duration. */
  readonly every: string;
  /** Runs start one after the other, in the order of the items. Otherwise some start at the same time. */
  readonly inOrder?: boolean;
  /** At least one; each `with` parses (the conformance test checks). */
  readonly examples: readonly { readonly title: string; readonly with: z.input<W> }[];
  /** Codes of its own errors, and their meanings. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Markdown for the docs page. */
  readonly notes?: string;
  /**
   * What a cursor belongs to. If this changes with a new version of the graph, the trigger begins anew. Default: all of
   * its own parameters.
   */
  watches?(parameters: z.output<W>): Json;
  /** Looks once. Throws `NodeError`; any other error is classified. */
  poll(ctx: PollContext, request: PollRequest<z.output<W>, C>): Promise<Polled<z.input<I>, C>>;
  readonly webhook?: TriggerWebhook;
  /**
   * Listens between two looks, if the connection has something to listen to. What is heard makes the watch look at once,
   * and starts nothing by itself, so that nothing is lost or made up where it breaks.
   */
  listen?(ctx: ListenContext, request: ListenRequest<z.output<W>>): Promise<Listening | null>;
}

/**
 * Defines a trigger. One file, one trigger: `integrations/<provider>/on-<event>.ts`. The catalogue is loaded everywhere,
 * so a trigger imports its SDK inside `poll`.
 */
export function defineTrigger<W extends z.ZodObject, I extends z.ZodType, C extends Json>(
  trigger: TriggerType<W, I, C>,
): TriggerType<W, I, C> {
  return trigger;
}
