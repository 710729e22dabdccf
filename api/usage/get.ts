import {
  dayOf,
  timeZoneOf,
  type UsageFilter,
  type UsageKey,
  type UsageSum,
  usageBy,
  usageInAll,
} from '../../db/index.ts';
import { formatMoney } from '../../graph/money.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** Most groups of one answer. */
const MOST_GROUPS = 5_000;

const DAY_MS = 86_400_000;

/** Days that are shown unless the caller says otherwise, and the most that can be asked for. */
const USUAL_DAYS = 30;
const MOST_DAYS = 400;

/** What calls to models used and cost, in groups and in all. @throws ApiProblem `request.invalid` */
export async function getUsage(
  ctx: Context,
  input: { readonly [Key in keyof UsageFilter]?: string | undefined } & {
    readonly by?: readonly UsageKey[] | undefined;
  },
) {
  const { by = ['day'], ...filter } = input;
  return ctx.tenant(async (tx) => {
    const to = filter.to ?? (await dayOf(tx));
    const from = filter.from ?? daysBefore(to, USUAL_DAYS - 1);
    requireDays(from, to);
    const groups = await usageBy(tx, { ...filter, from, to, by, limit: MOST_GROUPS + 1 });
    return {
      ...{ from, to, timeZone: await timeZoneOf(tx) },
      items: groups.slice(0, MOST_GROUPS).map(present),
      total: present(await usageInAll(tx, { ...filter, from, to })),
      complete: groups.length <= MOST_GROUPS,
    };
  });
}

const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

function requireDays(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days >= 1 && days <= MOST_DAYS) return;
  throw new ApiProblem('request.invalid', `query/from: must be 0 to ${MOST_DAYS - 1} days before "to" (${to}).`);
}

const present = <T extends UsageSum>({ cost, reserved, ...rest }: T) => ({
  ...rest,
  cost: formatMoney(cost),
  reserved: formatMoney(reserved),
});
