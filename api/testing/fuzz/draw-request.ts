import { type Draw, drawValue, oneOf, type Pool, type Schema } from './draw-value.ts';

/** An operation of an OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly body: Schema | undefined;
}

/** A request to be sent. */
export interface DrawnRequest {
  readonly operation: Operation;
  readonly path: string;
  readonly init: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
}

interface RawOperation {
  readonly operationId: string;
  readonly parameters?: Operation['parameters'];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
}

/** The operations of a document. */
export const operationsOf = (document: object): Operation[] =>
  Object.entries((document as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => ({
      id: raw.operationId,
      method: method.toUpperCase(),
      path,
      parameters: raw.parameters ?? [],
      body: raw.requestBody?.content['application/json']?.schema,
    })),
  );

/** Draws a request of an operation. */
export function drawRequest(pool: Pool, operation: Operation): DrawnRequest {
  const { draw } = pool;
  const headers: Record<string, string> = {};
  const query = new URLSearchParams();
  let { path } = operation;
  for (const { name, in: where, required, schema } of operation.parameters) {
    if (where === 'path') path = path.replace(`{${name}}`, encoded(drawValue(pool, schema, name)));
    else if (!required && draw(3) > 0) continue;
    else if (where === 'query') query.append(name, textOf(drawValue(pool, schema, name)));
    else if (where === 'header') setHeader(headers, name, textOf(drawValue(pool, schema, name)));
  }
  if (draw(40) === 0) query.append('unknown', '1');
  const text = query.size > 0 ? `?${query}` : '';
  const body = operation.body && bodyOf(pool, operation.body);
  if (body !== undefined) headers['content-type'] = draw(40) === 0 ? 'text/plain' : 'application/json';
  return {
    operation,
    path: `${path}${text}`,
    init: { method: operation.method, headers, ...(body === undefined ? {} : { body }) },
  };
}

const BROKEN = ['', '{', 'null', '[]', '{"a":1e400}', '{"a":123456789012345678901234567890}', '"text"', '\u0000'];

const bodyOf = (pool: Pool, schema: Schema): string =>
  pool.draw(25) === 0 ? oneOf(pool.draw, BROKEN) : (JSON.stringify(drawValue(pool, schema)) ?? '');

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.toWellFormed() : (JSON.stringify(value) ?? '');

/** A segment of a path: never empty, because that would be another route. */
const encoded = (value: unknown): string => encodeURIComponent(textOf(value)) || '-';

function setHeader(headers: Record<string, string>, name: string, value: string): void {
  // What no HTTP client can send is not tried.
  if (/^[\x20-\x7e]*$/.test(value)) headers[name] = value;
}

/** An operation: those that change things rarely are as likely as any other. */
export const drawOperation = (draw: Draw, operations: readonly Operation[]): Operation => oneOf(draw, operations);
