/**
 * The API as a client's compiler sees it: types only, made of the routes themselves. A client that asks for a route that
 * is gone, or in a way that the route does not take, does not compile.
 */
import type { z } from 'zod';
import type { Wire } from './http/route.ts';
import type { endpoints } from './routes.ts';

type Endpoint = (typeof endpoints)[number];

type Endpoints = { [E in Endpoint as `${Uppercase<E['method']>} ${E['path']}`]: E };

/** A call of the API: `GET /api/runs/:id`. */
export type Call = keyof Endpoints;

/** What a call needs: the parameters of its path, its query, its headers and its body. */
export type Asked<C extends Call> = PathPart<C> & Part<'query', C> & Part<'headers', C> & Part<'body', C>;

/** What a call may say in its query. */
export type Query<C extends Call> = Sent<'query', Endpoints[C]>;

/** The JSON that a call takes. */
export type Body<C extends Call> = Sent<'body', Endpoints[C]>;

/** The JSON that a call answers with, if nothing is wrong. */
export type Answered<C extends Call> = Answers<Endpoints[C]['responses']>;

type Answers<R extends Wire['responses']> = {
  [S in keyof R]: R[S] extends { readonly schema: infer T extends z.ZodType } ? z.output<T> : never;
}[keyof R];

type PathPart<C extends string> = [ParameterOf<C>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: Readonly<Record<ParameterOf<C>, string | number>> };

type ParameterOf<C extends string> = C extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<`/${Rest}`>
  : C extends `${string}/:${infer Name}`
    ? Name
    : never;

/** A part that only says what need not be said may be left out. */
type Part<K extends keyof Wire, C extends Call> = [Sent<K, Endpoints[C]>] extends [never]
  ? { readonly [P in K]?: undefined }
  : [Partial<Sent<K, Endpoints[C]>>] extends [Sent<K, Endpoints[C]>]
    ? { readonly [P in K]?: Sent<K, Endpoints[C]> | TextOf<K, Endpoints[C]> }
    : { readonly [P in K]: Sent<K, Endpoints[C]> | TextOf<K, Endpoints[C]> };

type Sent<K extends keyof Wire, E> = E extends { readonly [P in K]: infer T extends z.ZodType } ? Loosely<K, T> : never;

/** A query is text on the wire, so that a number may stand for its digits. */
type Loosely<K extends keyof Wire, T extends z.ZodType> = K extends 'query' ? WithNumbers<z.input<T>> : z.input<T>;

type WithNumbers<T> = { readonly [N in keyof T]: string extends T[N] ? T[N] | number : T[N] };

/** A graph may be the body itself, as YAML. */
type TextOf<K extends keyof Wire, E> = K extends 'body'
  ? E extends { readonly bodyKind: 'graph' }
    ? string
    : never
  : never;
