import { asCondition, Reference } from '../../expression/runtime.ts';
import type { PlanBody } from '../../plan/types.ts';
import { measure } from '../state/bytes-held.ts';
import { seal } from '../state/envelope.ts';
import { frameAt, nodeOf, stepOf } from '../state/frames.ts';
import type { Start } from '../state/start.ts';
import type { Run } from '../state/state.ts';
import type { LoopState, Place } from '../state/step.ts';
import { follows } from '../state/versions.ts';
import { openFrame } from '../steps/open-frame.ts';
import { errorOf, failure, Suspended } from '../values/errors.ts';
import { invalid, param, wholeNumber } from '../values/params.ts';
import { answer, keptParameter, parameter, wholeParameter } from '../values/resolve.ts';
import { scopeOf, visibleIn } from '../values/scope.ts';
import { failContainer, openContainer, succeed } from './container.ts';
import { fill, holdInLoop, holdState } from './loops.ts';

const NEW_LOOP = { total: 0, next: 0, active: 0, concurrency: 1, continueOnError: false } as const;

/** `forEach`: a body for each item, at most `concurrency` at a time. */
export function startForEach(run: Run, start: Start): void {
  const concurrency = wholeNumber(wholeParameter(run, start, 'concurrency') ?? 1, 'with.concurrency', 1, 1_000);
  const batch = wholeParameter(run, start, 'batch') ?? null;
  const size = batch === null ? null : wholeNumber(batch, 'with.batch');
  const onItemError = wholeParameter(run, start, 'onItemError') ?? 'fail';
  if (onItemError !== 'fail' && onItemError !== 'continue')
    throw invalid('with.onItemError', 'fail or continue is needed', onItemError);
  const given = parameter(run, start, 'items');
  if (!(given instanceof Reference) && !Array.isArray(given)) throw invalid('with.items', 'a list is needed', given);
  const counted = Array.isArray(given) && follows(run, 'itemsCounted') ? { count: given.length } : {};
  const continueOnError = onItemError === 'continue';
  const loop = { ...NEW_LOOP, ...counted, results: [], errors: [], concurrency, continueOnError };
  const items = given instanceof Reference || size === null ? given : inBatches(given, size);
  if (isChained(run, start, items)) return chain(run, start, loop, items, given instanceof Reference ? size : null);
  const list = items as unknown[];
  const total = list.length;
  openContainer(run, start, { loop: { ...loop, items: list, total, results: new Array(total).fill(null) } });
  holdInLoop(run, start.place, measure(run, list));
  fill(run, start.place);
}

/** `while`: another round as long as `test` holds; only `state` passes from one round to the next. */
export function startWhile(run: Run, start: Start): void {
  const state = keptParameter(run, start, 'state') ?? null;
  const given = wholeParameter(run, start, 'max') ?? 1_000;
  const max = given === 'unlimited' ? null : wholeNumber(given, 'with.max');
  openContainer(run, start, { loop: { ...NEW_LOOP, results: [], errors: [], state, max } });
  holdState(run, start.place, state);
  nextRound(run, start.place);
}

/** Reads the test and starts a round, or ends the loop. Called again when an activity has computed the test. */
export function nextRound(run: Run, place: Place): void {
  const step = stepOf(run, place);
  const { loop, failing, closing } = step.container!;
  if (failing || closing) return;
  const plan = nodeOf(run, place);
  const { next: index, state, max } = loop!;
  const visible = visibleIn(frameAt(run, place.frame), plan, { index, state });
  try {
    const test = { place, key: 'test', template: param(plan, 'test')!, scope: scopeOf(run, visible) };
    const holds = answer(run, test, (value) => asCondition(value, 'with.test'));
    delete step.evaluated;
    if (!holds) {
      holdInLoop(run, place, -(loop!.bytes ?? 0));
      return succeed(run, place, state);
    }
  } catch (thrown) {
    if (!(thrown instanceof Suspended)) failContainer(run, place, errorOf(thrown, step, plan.id));
    return;
  }
  if (typeof max === 'number' && index >= max) {
    const message = `${plan.id} would begin round ${index + 1}; its max is ${max}.`;
    return failContainer(run, place, failure('while.limit', message, step.path, plan.id));
  }
  loop!.next++;
  loop!.active = 1;
  openFrame(run, { key: `${step.path}[${index}]`, part: 'round', owner: place, visible, index, state });
}

/** Hands the list to child workflows. */
function chain(run: Run, start: Start, loop: LoopState, items: unknown, batch: number | null): void {
  const { frame, step, plan } = start;
  openContainer(run, start, { loop: { ...loop, chained: true } });
  const call = {
    path: step.path,
    frame: frame.key,
    node: plan,
    items: seal(items),
    batch,
    ...(loop.count === undefined ? {} : { count: loop.count }),
    concurrency: loop.concurrency,
    continueOnError: loop.continueOnError,
    visible: seal(visibleIn(frame, plan)),
  };
  run.commandBytes += JSON.stringify([call.items, call.visible]).length;
  run.commands.push({ do: 'each', call });
}

/**
 * Whether child workflows run the loop: always for a stored list; for a long list if its body neither waits for events
 * or approvals nor responds or stops, because only the run itself can do that.
 */
function isChained(run: Run, { plan }: Start, items: Reference | unknown[]): boolean {
  const alone = keepsToItself(plan.body!);
  if (!(items instanceof Reference)) return items.length > run.limits.inlineItems && alone;
  if (alone) return true;
  const message = 'a list of at most 32 KB is needed for a body that waits for events or approvals, responds or stops';
  throw invalid('with.items', message, { size: items.size });
}

function keepsToItself(body: PlanBody): boolean {
  return body.nodes.every(
    ({ uses, body: inner, catch: handler, finally: last }) =>
      !TO_THE_RUN.has(uses) && [inner, handler, last].every((each) => !each || keepsToItself(each)),
  );
}

const TO_THE_RUN: ReadonlySet<string> = new Set(['waitForEvent', 'approval', 'respond', 'stop']);

/** Splits a list into lists of at most `size` items. */
export function inBatches(items: readonly unknown[], size: number): unknown[][] {
  const batches: unknown[][] = [];
  for (let from = 0; from < items.length; from += size) batches.push(items.slice(from, from + size));
  return batches;
}
