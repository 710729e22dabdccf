import type { Plan, PlanBody, PlanNode } from '../plan/types.ts';

/** Types that wait: for a time, an event, a decision. */
const WAITS: ReadonlySet<string> = new Set(['wait', 'waitForEvent', 'approval']);

/** Whether the author wants it, or the run may have to wait for its place: whatever the run does, only Temporal can keep it. */
export const mustBeDurable = ({ durable, concurrency, rateLimit }: Plan): boolean =>
  durable === true || concurrency !== undefined || rateLimit !== undefined;

/** Whether a run of this plan may need an activity, wait for something, or be told something: then only Temporal can keep it. */
export const needsWorker = (plan: Plan): boolean => mustBeDurable(plan) || bodyNeeds(plan.body);

const bodyNeeds = (body: PlanBody | undefined): boolean => body?.nodes.some(nodeNeeds) ?? false;

const nodeNeeds = ({ uses, effect, body, catch: handler, finally: last }: PlanNode): boolean =>
  effect !== undefined || WAITS.has(uses) || bodyNeeds(body) || bodyNeeds(handler) || bodyNeeds(last);
