import { beginVisit, endAccess, reconnect as renewAccess, test as tryOut } from '../../credentials/index.ts';
import { renewTriggers } from '../../db/index.ts';
import type { ConnectionTestResult } from '../../integrations/define-connection.ts';
import type { Context } from '../context.ts';
import { get } from './get.ts';
import type { ShownConnection } from './present.ts';
import { orRefusal } from './refusals.ts';

/** Where a person must go to connect a connection, and until when. */
export interface Visit {
  readonly url: string;
  readonly expiresAt: string;
  /** What must be registered at the service as the address to which it may send people back. */
  readonly redirectUri: string;
}

const at = (ctx: Context, { name }: { name: string }) => ({ workspace: ctx.workspace, name });

/** Begins to connect a connection. @throws ApiProblem `connection.notFound`, `connection.refused` */
export async function connect(ctx: Context, input: { name: string }): Promise<Visit> {
  const { ticket, expiresAt, redirectUri } = await orRefusal(() =>
    beginVisit(ctx.credentialDeps, { ...at(ctx, input), publicUrl: ctx.publicUrl }),
  );
  return { url: `${ctx.publicUrl}/api/oauth/begin/${ticket}`, expiresAt, redirectUri };
}

/** Connects a connection again: by itself if its service gives another token without a person, else as `connect`. */
export async function reconnect(
  ctx: Context,
  input: { name: string },
): Promise<{ connected: true; connection: ShownConnection } | ({ connected: false } & Visit)> {
  const isDone = await orRefusal(() => renewAccess(ctx.credentialDeps, ctx.credentials, at(ctx, input)));
  if (!isDone) return { connected: false, ...(await connect(ctx, input)) };
  // Triggers may have waited for this.
  await ctx.tenant((tx) => renewTriggers(tx));
  ctx.triggerAlarm.ring();
  return { connected: true, connection: await get(ctx, input) };
}

/** Ends the access of a connection, at the service and here. */
export async function revoke(
  ctx: Context,
  input: { name: string },
): Promise<{ revoked: true; atService: boolean; message: string | null }> {
  const left = await orRefusal(() => endAccess(ctx.credentialDeps, at(ctx, input)));
  return { revoked: true, atService: left === null, message: left };
}

/** Tries a connection, and says as whom it acts. */
export const test = (ctx: Context, input: { name: string }): Promise<ConnectionTestResult> =>
  orRefusal(() => tryOut(ctx.credentialDeps, ctx.credentials, at(ctx, input)));
