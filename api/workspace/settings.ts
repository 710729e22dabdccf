import { isTimeZone, requiresTests, setRequiresTests, setTimeZone, type Tenant, timeZoneOf } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** The workspace and its settings. */
export async function getWorkspace(ctx: Context) {
  return ctx.tenant(async (tx) => ({
    name: ctx.workspace,
    timeZone: await timeZoneOf(tx),
    requireTests: await requiresTests(tx),
  }));
}

/** Changes settings of the workspace. @throws ApiProblem `request.invalid` */
export async function changeWorkspace(
  ctx: Context,
  { timeZone, requireTests }: { timeZone?: string | undefined; requireTests?: boolean | undefined },
) {
  await ctx.tenant(async (tx) => {
    if (timeZone !== undefined) await changeTimeZone(tx, timeZone);
    if (requireTests !== undefined) await setRequiresTests(tx, { requireTests });
  });
  return getWorkspace(ctx);
}

async function changeTimeZone(tx: Tenant, timeZone: string): Promise<void> {
  if (await isTimeZone(tx, { timeZone })) return setTimeZone(tx, { timeZone });
  throw new ApiProblem(
    'request.invalid',
    `body/timeZone: there is no time zone "${timeZone}". Use a name of the IANA database, such as Europe/Berlin.`,
  );
}
