import type { Hono, Context as HonoContext } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { Access } from '../access/access.ts';
import { mayUse } from '../access/principal.ts';
import type { Hold } from '../bodies.ts';
import type { Context } from '../context.ts';
import { checkNumbers, mediaType, parseJson, readText } from './body.ts';
import { connectionOf } from './connection.ts';
import { plainIssues } from './issues.ts';
import { ApiProblem } from './problem.ts';
import type { BodilessInput, BodyKind, Later, Reply, Route } from './route.ts';

/** Serves routes: checks who asks, reads and checks what comes in, calls the verb, writes what comes out. */
export function mount(app: Hono, ctx: Context, routes: readonly Route[]): void {
  for (const route of routes) {
    app.on(route.method.toUpperCase(), route.path, async (c) => reply(c, await answer(ctx, c, route)));
  }
}

async function answer(ctx: Context, c: HonoContext, route: Route): Promise<Reply> {
  const reply = await takeUp(ctx, c, route);
  return 'later' in reply ? reply.later() : reply;
}

async function takeUp(ctx: Context, c: HonoContext, route: Route): Promise<Reply | Later> {
  const input = readHead(ctx, c, route);
  const refusal = await route.admit?.(ctx, input);
  if (refusal) return refusal;
  // What the body holds is counted until nobody needs it any more.
  const hold = ctx.bodies.open();
  try {
    return await route.handle(ctx, { ...input, body: await checkedBody(c, route, hold) });
  } finally {
    hold.giveAllBack();
  }
}

function readHead(ctx: Context, c: HonoContext, route: Route): BodilessInput<never, never, never> {
  const principal = ctx.principalOf(c.req.raw);
  if (!mayUse(principal, route.access)) throw denied(route.access);
  return {
    params: check('path', route.params ?? NOTHING, c.req.param()),
    query: check('query', route.query ?? NOTHING, Object.fromEntries(queryOf(c))),
    headers: route.headers ? check('header', route.headers, c.req.header()) : ({} as never),
    signal: c.req.raw.signal,
    wantsPage: (c.req.header('accept') ?? '').includes('text/html'),
    principal,
    sender: ctx.senderOf(connectionOf(c)),
  };
}

const denied = (access: Access): ApiProblem =>
  new ApiProblem(
    'access.denied',
    `Your role does not include ${'permission' in access ? access.permission : 'this'}. Ask an owner of the workspace for it.`,
  );

const NOTHING = z.strictObject({});

async function checkedBody(c: HonoContext, { body, bodyKind = 'json' }: Route, hold: Hold): Promise<never> {
  return body ? check('body', body, await readBody(c.req.raw, bodyKind, hold)) : (undefined as never);
}

/** Each query parameter once. */
function queryOf(c: HonoContext): [string, string][] {
  return Object.entries(c.req.queries()).map(([name, values]) => {
    if (values.length > 1)
      throw new ApiProblem('request.invalid', `Query parameter "${shown(name)}" is given ${values.length} times.`);
    return [name, values[0] ?? ''];
  });
}

async function readBody(request: Request, kind: BodyKind, hold: Hold): Promise<unknown> {
  const read = typeof kind === 'object' ? kind.read(request, hold) : undefined;
  if (read) return read;
  const type = mediaType(request);
  if (type === '' && !request.body) return {};
  if (type === 'application/json') {
    const text = await readText(request, hold);
    return text.trim() === '' ? {} : graphOrJson(text, kind);
  }
  if (kind === 'graph' && YAML_TYPES.has(type)) return { graph: await readText(request, hold) };
  const allowed = [
    'application/json',
    ...(kind === 'graph' ? ['application/yaml'] : []),
    ...(typeof kind === 'object' ? kind.types : []),
  ];
  throw new ApiProblem(
    'body.type',
    `Send the body as ${allowed.join(' or ')}${type ? `, not as ${shown(type)}` : '; no content-type was given'}.`,
  );
}

const YAML_TYPES = new Set(['application/yaml', 'application/x-yaml', 'text/yaml']);

/** A JSON body that is itself a graph stands for `{ graph }`; its text is kept, so that problems have line numbers. */
function graphOrJson(text: string, kind: BodyKind): unknown {
  const value = parseJson(text);
  const isGraph = kind === 'graph' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'blok');
  if (isGraph) return { graph: text };
  checkNumbers(text, value);
  return value;
}

function check(where: string, schema: z.ZodType, value: unknown): never {
  const result = schema.safeParse(value);
  if (result.success) return result.data as never;
  const problems = plainIssues(result.error.issues)
    .slice(0, 50)
    .map((issue) => ({
      severity: 'error' as const,
      code: issue.code.replaceAll('_', '-'),
      path: issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
      message: issue.message,
    }));
  const first = problems[0]!;
  throw new ApiProblem('request.invalid', `${where}${first.path}: ${first.message}`, { problems });
}

function reply(c: HonoContext, answer: Reply): Response {
  const status = answer.status as ContentfulStatusCode;
  for (const [name, value] of Object.entries(answer.headers ?? {})) c.header(name, value);
  if ('body' in answer) return c.json(answer.body as object, status);
  if ('stream' in answer) {
    c.header('content-type', answer.type);
    if (c.req.method !== 'HEAD') return c.body(answer.stream, status);
    // Nobody would read it.
    void answer.stream.cancel();
    return c.body(null, status);
  }
  if ('text' in answer) {
    c.header('content-type', `${answer.type}; charset=utf-8`);
    return c.body(answer.text, status);
  }
  // The page's form posts back here: without a referrer, the browser would send `Origin: null`, which is refused.
  c.header('referrer-policy', 'same-origin');
  c.header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  );
  return c.html(answer.html, status);
}

/** A name the caller sent, made safe and short enough to be shown. */
const shown = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
