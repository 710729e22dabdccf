import { z } from 'zod';
import type { NodeContext } from '../../context.ts';
import type { NodeType } from '../../define.ts';
import { calling } from '../../failures/classify.ts';
import type { FailureTable } from '../../failures/failure-table.ts';

/** Where the planted nodes send. */
export const URL = 'https://api.acme.example/things';
/** What its answers say about a call. */
export const table: FailureTable = { provider: 'acme', codeAt: [], messageAt: [] };

/** A call as it should be made. */
export const post = (ctx: NodeContext, to = URL) =>
  calling(ctx, table, { what: 'POST /things', writes: true }, async () => {
    const answer = await ctx.fetch(to, { method: 'POST', body: '{}' });
    if (!answer.ok) throw { status: answer.status, headers: answer.headers, body: await answer.text() };
    return {};
  });

/** A node without a mistake, except for what is given. */
export const plant = (mistake: Partial<NodeType> = {}): NodeType => ({
  type: 'acme.addThing',
  version: '1.0.0',
  title: 'Add a thing',
  description: 'Adds a thing to the shop, and returns its id to the graph.',
  connection: { type: 'http-bearer', required: true },
  input: z.strictObject({ name: z.string().describe('Name of the thing.') }),
  output: z.strictObject({}),
  effect: 'at-least-once',
  timeout: '1m',
  retry: { maxAttempts: 3, delay: '1s', factor: 2, maxDelay: '1m', attemptTimeout: '30s' },
  examples: [{ title: 'A lamp', with: { name: 'lamp' } }],
  errors: { 'acme.<status>': 'Acme refused the call.', 'acme.*': 'Acme did not do it.' },
  run: (ctx) => post(ctx),
  ...mistake,
});

/** A node whose mistake is what it does. */
export const running = (run: NodeType['run']) => plant({ run });
/** The secret of the connection that a node was given. */
export const secretOf = ({ connection }: NodeContext) => String(connection?.data.token);

/** `ctx.fetch` with a key. */
export const authorized = (ctx: NodeContext, token: string): typeof fetch =>
  ((input, init) => ctx.fetch(input, { ...init, headers: { authorization: `Bearer ${token}` } })) as typeof fetch;

/** `ctx.fetch` with a key of idempotency. */
export const keyed = (ctx: NodeContext, keyOf: (ctx: NodeContext) => string): typeof fetch =>
  ((input, init) => ctx.fetch(input, { ...init, headers: { 'idempotency-key': keyOf(ctx) } })) as typeof fetch;
