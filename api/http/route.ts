import type { z } from 'zod';
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
  read(request: Request): Promise<unknown> | undefined;
}

/** One endpoint: its requests and answers on the wire, and the verb behind it. OpenAPI is made from the same object. */
export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  H extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> {
  readonly method: 'get' | 'put' | 'post' | 'delete';
  /** `/api/runs/:id` */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  /** Lower-case names. */
  readonly headers?: H;
  readonly body?: B;
  readonly bodyKind?: BodyKind;
  /** By status: what it means, and the schema of its JSON (absent: HTML). */
  readonly responses: Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>;
  readonly problems: readonly ProblemCode[];
  handle(ctx: Context, input: Input<z.output<P>, z.output<Q>, z.output<H>, z.output<B>>): Promise<Reply>;
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
  /** Who sent it, to tell senders apart; null if that cannot be told. */
  readonly sender: string | null;
}

/** An answer: JSON, or a page. */
export type Reply =
  | { readonly status: number; readonly body: unknown }
  | { readonly status: number; readonly html: string; readonly headers?: Readonly<Record<string, string>> };

/** Defines an endpoint; the types of `handle`'s input come from the schemas. */
export function defineRoute<P extends z.ZodType, Q extends z.ZodType, H extends z.ZodType, B extends z.ZodType>(
  route: Route<P, Q, H, B>,
): Route {
  return route as unknown as Route;
}
