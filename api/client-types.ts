/**
 * The API as a client's compiler sees it: types only, made of the routes themselves. A client that asks for a route that
 * is gone, or in a way that the route does not take, does not compile.
 */
import type { z } from 'zod';
import type { Answers } from './http/route.ts';
import type { endpoints } from './routes.ts';

type Endpoint = (typeof endpoints)[number];

type Endpoints = { [E in Endpoint as `${Uppercase<E['method']>} ${E['path']}`]: E };

/** A call of the API: `GET /api/runs/:id`. */
export type Call = keyof Endpoints;

/** What a call needs: the parameters of its path, its query, its headers and its body. */
export type Asked<C extends Call> = PathPart<C> & QueryPart<Query<C>> & HeadersPart<Headers<C>> & BodyPart<Body<C>, C>;

/** What a call may say in its query. A query is text on the wire, so that a number may stand for its digits. */
export type Query<C extends Call> = WithNumbers<Sent<NonNullable<Endpoints[C]['query']>>>;

/** The JSON that a call takes. */
export type Body<C extends Call> = Sent<NonNullable<Endpoints[C]['body']>>;

/** The JSON that a call answers with, if nothing is wrong. */
export type Answered<C extends Call> = AnsweredBy<Endpoints[C]['responses']>;

type Headers<C extends Call> = Sent<NonNullable<Endpoints[C]['headers']>>;

type AnsweredBy<R extends Answers> = {
  [S in keyof R]: R[S] extends { readonly schema: infer T extends z.ZodType } ? z.output<T> : never;
}[keyof R];

/** What is sent for a schema; never: the route has no such part. */
type Sent<T extends z.ZodType> = [T] extends [never] ? never : z.input<T>;

type PathPart<C extends string> = [ParameterOf<C>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: Readonly<Record<ParameterOf<C>, string | number>> };

type ParameterOf<C extends string> = C extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<`/${Rest}`>
  : C extends `${string}/:${infer Name}`
    ? Name
    : never;

/** A part that says only what need not be said may be left out. */
type QueryPart<T> = [T] extends [never]
  ? { readonly query?: undefined }
  : [Partial<T>] extends [T]
    ? { readonly query?: T }
    : { readonly query: T };

type HeadersPart<T> = [T] extends [never] ? { readonly headers?: undefined } : { readonly headers?: T };

type BodyPart<T, C extends Call> = [T] extends [never]
  ? { readonly body?: undefined }
  : [Partial<T>] extends [T]
    ? { readonly body?: T | GraphText<C> }
    : { readonly body: T | GraphText<C> };

type WithNumbers<T> = { readonly [N in keyof T]: string extends T[N] ? T[N] | number : T[N] };

/** A graph may be the body itself, as YAML. */
type GraphText<C extends Call> = 'graph' extends NonNullable<Endpoints[C]['bodyKind']> ? string : never;
