import { keepAccess } from '../../credentials/index.ts';
import type { Context } from '../context.ts';
import { repeat } from './repeat.ts';

const EVERY_MS = 3_600_000;
/** Soon after the start, because an installation may have been off for a long time. */
const FIRST_MS = 60_000;

/** Keeps the access of connections that are rarely used. @returns a function that stops it */
export const startKeepingAccess = (ctx: Context): (() => Promise<void>) =>
  repeat(ctx, {
    name: 'renewing the access of connections that are rarely used',
    everyMs: EVERY_MS,
    firstMs: FIRST_MS,
    work: async () => {
      for (const { name, reason } of await keepAccess(ctx.credentialDeps, ctx))
        ctx.log.warn({ connection: name }, `the access of a connection was not renewed: ${reason}`);
    },
  });
