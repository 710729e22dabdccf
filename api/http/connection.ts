import type { Context as HonoContext } from 'hono';

/** What is known about the way of a request: who is connected, and what a proxy has noted. */
export function connectionOf(c: HonoContext): { peer: string | undefined; forwarded: string | undefined } {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  return { peer: env?.incoming?.socket?.remoteAddress, forwarded: c.req.header('x-forwarded-for') };
}
