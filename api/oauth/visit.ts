import { endVisit, pageOf, test, VISIT_SECONDS } from '../../credentials/index.ts';
import { hashState } from '../../db/index.ts';
import { orRefusal } from '../connections/refusals.ts';
import type { Context } from '../context.ts';
import type { Reply } from '../http/route.ts';
import { page, text } from '../pages/html.ts';

const COOKIE = 'blok-oauth-';

/** Most visits of one browser whose cookies are looked at. */
const MOST = 20;

/** Sends a browser to the page of a service. The cookie makes it the only one that may come back. */
export async function begin(ctx: Context, { ticket }: { ticket: string }): Promise<Reply> {
  const { workspace, publicUrl } = ctx;
  const { address, state } = await orRefusal(() => pageOf(ctx.credentialDeps, { workspace, ticket, publicUrl }));
  const cookie = cookieOf(ctx, state, ticket, VISIT_SECONDS);
  return { status: 302, html: '', headers: { location: address, 'set-cookie': cookie } };
}

/** Takes what the page of a service sent back. The answer is a page of ours and leads nowhere else. */
export async function callback(
  ctx: Context,
  { server, query, cookies }: { server: string; query: Record<string, unknown>; cookies: string },
): Promise<Reply> {
  const { workspace, publicUrl } = ctx;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
  const back = { workspace, server, tickets: ticketsIn(cookies), parameters, publicUrl };
  const { connection } = await orRefusal(() => endVisit(ctx.credentialDeps, back));
  ctx.triggerAlarm.ring();
  const found = await test(ctx.credentialDeps, ctx.credentials, { workspace, name: connection }).catch(() => null);
  const who = found?.ok && found.account !== undefined ? ` It acts as ${text(found.account)}.` : '';
  const wrong = found !== null && !found.ok ? `<p>A first test failed: ${text(found.message)}</p>` : '';
  return {
    status: 200,
    html: page(
      'Connected',
      `<p>The connection ${text(connection)} has access now.${who} You can close this page.</p>${wrong}`,
    ),
    headers: { 'set-cookie': cookieOf(ctx, parameters.get('state') ?? '', '', 0) },
  };
}

/** `Lax`, because the browser comes from another site when it comes back. */
function cookieOf({ publicUrl }: Context, state: string, ticket: string, seconds: number): string {
  const name = `${COOKIE}${hashState(state).slice(0, 16)}`;
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${name}=${ticket}; Path=/api/oauth/callback; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

const ticketsIn = (cookies: string): string[] =>
  cookies
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(COOKIE))
    .flatMap((pair) => /=([\w-]{43})$/.exec(pair)?.[1] ?? [])
    .slice(0, MOST);
