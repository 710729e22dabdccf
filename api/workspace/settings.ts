import { isTimeZone, setTimeZone, timeZoneOf } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** The workspace and its settings. */
export async function getWorkspace(ctx: Context) {
  return { name: ctx.workspace, timeZone: await ctx.tenant(timeZoneOf) };
}

/** Changes settings of the workspace. @throws ApiProblem `request.invalid` */
export async function changeWorkspace(ctx: Context, { timeZone }: { timeZone: string }) {
  const isKnown = await ctx.tenant(async (tx) => {
    const known = await isTimeZone(tx, { timeZone });
    if (known) await setTimeZone(tx, { timeZone });
    return known;
  });
  if (isKnown) return { name: ctx.workspace, timeZone };
  throw new ApiProblem(
    'request.invalid',
    `body/timeZone: there is no time zone "${timeZone}". Use a name of the IANA database, such as Europe/Berlin.`,
  );
}
