import { createHash } from 'node:crypto';
import { holdCall } from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import { HOOK_BYTES } from '../../graph/node-types/webhook-trigger.ts';
import type { Context } from '../context.ts';
import { problemOf } from '../http/errors.ts';
import { ApiProblem } from '../http/problem.ts';
import { hiddenHeaders, hookFields } from './fields.ts';
import type { Hook } from './find-hook.ts';
import type { HeldCall } from './held-call.ts';
import { decodeBody } from './receive/decode.ts';
import { type Received, single } from './request.ts';

/** Largest body of a held call, as JSON. */
const MAX_HELD_BYTES = HOOK_BYTES;

/** A request and its path parameters. */
interface Request {
  readonly received: Received;
  readonly params: JsonObject;
}

/** Holds a call whose sender is known, if there is still a place. */
export async function holdVerified(ctx: Context, { row }: Hook, fields: JsonObject): Promise<boolean> {
  return hold(ctx, row, { verified: true, problem: null, ...bounded(fields) });
}

/** Why a call was refused, and whether its sender had been verified by then. */
interface RefusedCall {
  readonly error: unknown;
  readonly isVerified: boolean;
}

/**
 * Holds a call that is refused, because whoever builds a webhook wants to see those most of all. Nothing that such a call
 * brings is kept besides: its files are only named.
 */
export async function holdRefused(
  ctx: Context,
  hook: Hook,
  request: Request,
  { error, isVerified }: RefusedCall,
): Promise<void> {
  const { message } = problemOf(error);
  const { params, received } = request;
  const body = await decodeBody(received.body, single(received.headers, 'content-type'), nameOf).catch(() => null);
  try {
    const fields = hookFields(received, { params, body, hidden: hiddenHeaders(hook) });
    await hold(ctx, hook.row, { verified: isVerified, problem: message, ...bounded(fields) });
  } catch (failure) {
    // A query that cannot be read is no call that anything can be built on. The caller reads why.
    if (!(failure instanceof ApiProblem)) throw failure;
  }
}

const hold = (ctx: Context, { workflow, id }: Hook['row'], call: HeldCall): Promise<boolean> =>
  ctx.tenant((tx) =>
    holdCall(tx, { workflow, trigger: id, request: call as unknown as Json, isRefused: call.problem !== null }),
  );

function bounded(fields: JsonObject): Pick<HeldCall, 'fields' | 'leftOutBytes'> {
  const bytes = Buffer.byteLength(JSON.stringify(fields.body ?? null));
  return bytes > MAX_HELD_BYTES
    ? { fields: { ...fields, body: null }, leftOutBytes: bytes }
    : { fields, leftOutBytes: null };
}

const nameOf = async (bytes: Buffer) => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  size: bytes.length,
});
