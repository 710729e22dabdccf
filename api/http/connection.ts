import type { Context as HonoContext } from 'hono';

/** What Node knows of a request. Requests of tests may not have come through Node. */
interface Incoming {
  readonly socket?: { readonly remoteAddress?: string };
  readonly complete?: boolean;
}

/** What is known about the way of a request: who is connected, and what a proxy has noted. */
export function connectionOf(c: HonoContext): { peer: string | undefined; forwarded: string | undefined } {
  return { peer: incomingOf(c)?.socket?.remoteAddress, forwarded: c.req.header('x-forwarded-for') };
}

/** Whether all of a request is here, its body too. */
export const hasArrived = (c: HonoContext): boolean => incomingOf(c)?.complete ?? c.req.raw.body === null;

/** The request as Node knows it, if it came through Node. */
export const incomingOf = (c: HonoContext): Incoming | undefined =>
  (c.env as { incoming?: Incoming } | undefined)?.incoming;
