import { type HeldAnswer, heldKeyOf, linkRunBlob, putBlob, runIdOf, workflowIdOf } from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import { StartError } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Started } from '../start/request.ts';
import { fire } from '../triggers/fire.ts';
import { eventKey } from './event-key.ts';
import { hiddenHeaders, hookFields } from './fields.ts';
import { type Hook, noHook } from './find-hook.ts';
import { holdRefused, holdVerified } from './hold.ts';
import type { HookReads } from './reads.ts';
import { decodeBody } from './receive/decode.ts';
import { type Received, single } from './request.ts';
import { requireVerified } from './verified.ts';
import { slackChallenge } from './verify/slack.ts';
import type { Preset } from './verify/types.ts';

/** What became of a request. */
export type Taken =
  | { readonly kind: 'started'; readonly started: Started; readonly replyWithinMs: number | null }
  | { readonly kind: 'held'; readonly held: HeldAnswer & { readonly workflow: string; readonly trigger: string } }
  | { readonly kind: 'declined' }
  /** It is held for building, and starts no run. */
  | { readonly kind: 'captured' }
  /** A provider has tried the address. */
  | { readonly kind: 'challenge'; readonly text: string };

/** A request, its path parameters, and what reads what it needs. */
interface Request {
  readonly received: Received;
  readonly params: JsonObject;
  readonly reads: HookReads;
}

/**
 * Verifies a request, reads it, and starts its run or holds it. Resolves when that is durable. While calls are captured,
 * a copy is kept to build with, or the request is kept instead.
 *
 * @throws ApiProblem `hook.refused`, `hook.unready`, `hook.input`, `body.invalid`, `body.type`, and those of a start
 */
export async function takeRequest(ctx: Context, hook: Hook, request: Request): Promise<Taken> {
  const { capture } = hook.row;
  let isVerified = false;
  const verify = async (): Promise<Preset> => {
    const preset = await requireVerified(ctx, hook, request);
    isVerified = true;
    return preset;
  };
  const understood = await understand(ctx, hook, request, verify).catch(async (error) => {
    if (capture) await holdRefused(ctx, hook, request, { error, isVerified });
    throw error;
  });
  if (understood.challenge !== null) return { kind: 'challenge', text: understood.challenge };
  const isHeld = capture !== null && (await holdVerified(ctx, hook, understood.fields));
  if (isHeld && (capture.instead || !hook.isOn)) return { kind: 'captured' };
  // Others took the last place meanwhile.
  if (!hook.isOn) throw noHook();
  return start(ctx, hook, request.received, understood);
}

/** A verified request, read. */
interface Understood {
  readonly preset: Preset;
  readonly body: Json;
  readonly fields: JsonObject;
  /** Hashes of its files. */
  readonly kept: readonly string[];
  readonly challenge: string | null;
}

async function understand(
  ctx: Context,
  hook: Hook,
  { received, params }: Request,
  verify: () => Promise<Preset>,
): Promise<Understood> {
  const preset = await verify();
  const kept: string[] = [];
  const body = await decodeBody(received.body, single(received.headers, 'content-type'), async (bytes) => {
    const ref = await ctx.tenant((tx) => putBlob(tx, { bytes }));
    kept.push(ref.sha256);
    return ref;
  });
  const challenge = hook.options.verify === 'slack' ? slackChallenge(body) : null;
  const fields = hookFields(received, { params, body, hidden: hiddenHeaders(hook) });
  return { preset, body, fields, kept, challenge };
}

async function start(ctx: Context, hook: Hook, received: Received, understood: Understood): Promise<Taken> {
  const { row, options } = hook;
  const { fields, kept } = understood;
  const key = keyOf(() => eventKey(hook, received, understood));
  const waits = options.replyWithinMs !== null;
  const fired = await fire(ctx, { row, fields, waits, loaded: hook, ...(key === undefined ? {} : { key }) });
  if (fired.outcome === 'refused') throw refused(fired.error);
  if (fired.outcome === 'declined') return { kind: 'declined' };
  const holder = fired.outcome === 'held' ? runOfGroup(ctx, row, fired.held.group) : fired.started.runId;
  if (kept.length > 0)
    await ctx.tenant(async (tx) => {
      for (const sha256 of kept) await linkRunBlob(tx, { runId: holder, sha256 });
    });
  if (fired.outcome === 'held')
    return { kind: 'held', held: { ...fired.held, workflow: row.workflow, trigger: row.id } };
  return { kind: 'started', started: fired.started, replyWithinMs: options.replyWithinMs };
}

/** The run that will begin for what is held. */
const runOfGroup = (ctx: Context, { workflow, id }: Hook['row'], group: string): string =>
  runIdOf(workflowIdOf({ workspace: ctx.workspace, workflow, trigger: id, key: heldKeyOf(group) }));

function keyOf(evaluate: () => string | undefined): string | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof StartError) throw refused(error);
    throw error;
  }
}

const refused = ({ message, problems }: StartError): ApiProblem =>
  new ApiProblem('hook.input', message, problems ? { problems } : {});
