import type { z } from 'zod';
import type { Sender } from '../../guard/sender.ts';
import type { Access } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import type { Hold } from '../bodies.ts';
import type { Context } from '../context.ts';
import type { ProblemCode } from './problem.ts';

/** How a route reads its body. */
export type BodyKind =
  /** JSON only. */
  | 'json'
  /** JSON, or a graph as YAML or JSON text, which reaches the schema as `{ graph: text }`. */
  | 'graph'
  /** JSON, or what the route reads by itself. */
  | BodyReader;

/** A route's own way of reading bodies. */
export interface BodyReader {
  /** Media types it reads besides JSON, for the API's description. */
  readonly types: readonly string[];
  /** Reads a body for the route's schema; undefined: it is to be read as JSON. */
  read(request: Request, hold: Hold): Promise<unknown> | undefined;
}

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';

/** What each status means. */
export type Answers = Readonly<Record<number, Answer>>;

/** One endpoint: its requests and answers on the wire, and the verb behind it. OpenAPI is made from the same object. */
export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  H extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  /** `/api/runs/:id` */
  readonly path: string;
  readonly id: string;
  /** Who may use it; checked before the request is read. */
  readonly access: Access;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  /** Lower-case names. */
  readonly headers?: H;
  readonly body?: B;
  readonly bodyKind?: BodyKind;
  /** By status. */
  readonly responses: Answers;
  readonly problems: readonly ProblemCode[];
  /** Looks at a request before anything of its body is received. A reply, or a problem, and the body is never read. */
  admit?(ctx: Context, input: BodilessInput<z.output<P>, z.output<Q>, z.output<H>>): Promise<Reply | null>;
  handle(ctx: Context, input: Input<z.output<P>, z.output<Q>, z.output<H>, z.output<B>>): Promise<Reply | Later>;
}

/** An endpoint that has kept the types of what goes over the wire, for clients (`client-types.ts`); `never`: no such part. */
export interface TypedRoute<
  M extends Method,
  Path extends string,
  Q extends z.ZodType,
  H extends z.ZodType,
  B extends z.ZodType,
  K extends BodyKind,
  R extends Answers,
> extends Route {
  readonly method: M;
  readonly path: Path;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
  readonly bodyKind?: K;
  readonly responses: R;
}

/** The checked parts of a request, as a route's `handle` gets them. */
export interface Input<P = unknown, Q = unknown, H = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly headers: H;
  readonly body: B;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  /** The caller is a browser showing a page, not a program. */
  readonly wantsPage: boolean;
  /** Who sends the request, and may use the route. */
  readonly principal: Principal;
  /** Who sent it, to tell senders apart. */
  readonly sender: Sender;
}

/** What is known of a request before its body has come. */
export type BodilessInput<P = unknown, Q = unknown, H = unknown> = Omit<Input<P, Q, H>, 'body'>;

/** What a status means. */
export interface Answer {
  readonly description: string;
  /** Schema of its JSON; absent: the answer is one of the texts or, without those, a page. */
  readonly schema?: z.ZodType;
  /** The answer is bytes. */
  readonly bytes?: true;
  /** Media types of texts in which the same is sent on request. */
  readonly texts?: readonly string[];
  /** Names of headers it sets, and what they hold. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer: JSON, a text of some media type, a page, or a text that has no end. */
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
} & (
  | { readonly body: unknown }
  | { readonly text: string; readonly type: string }
  | { readonly html: string }
  | { readonly stream: ReadableStream<Uint8Array>; readonly type: string }
);

/** The work with the body is done, and the answer takes a while: the room of the body is for others meanwhile. */
export interface Later {
  /** Must hold nothing of the body, which may be large. */
  readonly later: () => Promise<Reply>;
}

/** Defines an endpoint; the types of `handle`'s input come from the schemas. */
export function defineRoute<
  const M extends Method,
  const Path extends string,
  R extends Answers,
  P extends z.ZodType = never,
  Q extends z.ZodType = never,
  H extends z.ZodType = never,
  B extends z.ZodType = never,
  const K extends BodyKind = never,
>(
  route: Route<P, Q, H, B> & {
    readonly method: M;
    readonly path: Path;
    readonly responses: R;
    readonly bodyKind?: K;
  },
): TypedRoute<M, Path, Q, H, B, K, R> {
  return route as unknown as TypedRoute<M, Path, Q, H, B, K, R>;
}
