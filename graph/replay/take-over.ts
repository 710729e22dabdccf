import type { Json } from '../json.ts';
import type { Plan, PlanBody, PlanNode } from '../plan/types.ts';
import type { StepRecord, TakenStep, TakenSteps } from '../run-state/index.ts';
import { walkInside } from './inside.ts';
import { isInside, nodeAtPath } from './paths.ts';
import { isKept, isPure, isUndone, mayUndo, type Recorded, readRecords, takenFrom, type WhyAgain } from './recorded.ts';
import type { Finding, Walk } from './types.ts';

/** A run that is to be repeated from one of its steps on. */
export interface Repeat {
  /** The plan that runs, which may be that of another version. */
  readonly plan: Plan;
  /** The ended steps of the run. Of a loop, those inside it may be left out at first: see `TakeOver.loops`. */
  readonly steps: readonly StepRecord[];
  /** Outputs of steps are stored apart, perhaps of steps that are left out. Default: as far as these steps say. */
  readonly doubtful?: boolean;
  /** Path of the step from which on everything runs again. */
  readonly from: string;
  /** Outputs that are given instead of those recorded, by step path. */
  readonly outputs?: Readonly<Record<string, Json>>;
  /** The run has succeeded: what it did stands, whatever becomes of the new run. */
  readonly succeeded: boolean;
}

/** What the new run takes over, and what runs again although it had ended before. */
export interface TakeOver {
  readonly taken: TakenSteps;
  readonly again: readonly { readonly step: string; readonly why: WhyAgain }[];
  /** Steps that cannot run again and whose output is not known: somebody has to give it. */
  readonly missing: readonly string[];
  /** Loops of which this depends on the steps inside. */
  readonly loops: readonly string[];
}

/** Steps that end with outputs that somebody gives. */
export const givenSteps = (outputs: Readonly<Record<string, Json>>): Record<string, TakenStep> =>
  Object.fromEntries(Object.entries(outputs).map(([path, output]) => [path, { status: 'succeeded', output }]));

/** Finds what a re-run takes over. Undefined: the plan has no such step. */
export function takeOverFrom({
  plan,
  steps,
  from,
  outputs = {},
  succeeded,
  doubtful = false,
}: Repeat): TakeOver | undefined {
  if (!nodeAtPath(plan.body, from)) return undefined;
  const finding: Finding = {
    recorded: readRecords(steps, { stands: succeeded, doubtful }),
    given: new Set(Object.keys(outputs)),
    steps: givenSteps(outputs),
    again: [],
    missing: [],
    loops: [],
  };
  walkBody(finding, plan.body, '', { from });
  const { again, missing, loops } = finding;
  return { taken: { steps: finding.steps }, again, missing, loops };
}

/**
 * Walks through a body, in the order of its links.
 *
 * @param key prefix of the step paths of the body
 * @returns whether all of it is taken over, or can be computed again from what is
 */
export function walkBody(finding: Finding, body: PlanBody, key: string, walk: Walk): boolean {
  /** Nodes that run again, or have another output than before. */
  const changed = new Set<number>();
  for (const [index, node] of body.nodes.entries()) {
    const path = key === '' ? node.id : `${key}.${node.id}`;
    const follows = node.needs.some(([source]) => source !== 'trigger' && changed.has(source));
    const isLeftOut = walk.only !== undefined && !walk.only.has(index);
    if (isLeftOut || isAgain(finding, node, { path, follows, walk })) changed.add(index);
  }
  return changed.size === 0;
}

interface At {
  readonly path: string;
  /** It comes after something that runs again. */
  readonly follows: boolean;
  readonly walk: Walk;
}

function isAgain(finding: Finding, node: PlanNode, { path, follows, walk }: At): boolean {
  if (finding.given.has(path) || path === walk.from) return true;
  if (walk.from !== undefined && isInside(walk.from, path)) {
    walkInside(finding, node, path, walkBody, walk);
    return true;
  }
  if (follows) return true;
  const step = finding.recorded.at.get(path);
  if (walk.asItWas && !hasEnded(step)) {
    // The body has closed before it: it did not count, and does not begin now.
    finding.steps[path] = { status: 'skipped' };
    return false;
  }
  const why = step ? whyAgain(finding.recorded, node, step, walk) : 'unfinished';
  if (why === null) return !takeOne(finding, node, step!, walk);
  if (step && why === 'undone' && node.body) return !takeOne(finding, node, step, walk);
  finding.again.push({ step: path, why });
  return true;
}

const hasEnded = (step: StepRecord | undefined): boolean =>
  step !== undefined && ['succeeded', 'failed', 'skipped'].includes(step.status);

function whyAgain(recorded: Recorded, { uses }: PlanNode, step: StepRecord, { asItWas }: Walk): WhyAgain | null {
  if (step.type !== uses) return 'changed';
  if (step.status === 'skipped') return null;
  if (step.status === 'failed') return asItWas || step.port != null ? null : 'unfinished';
  if (step.status !== 'succeeded') return 'unfinished';
  return !asItWas && isUndone(recorded, step) ? 'undone' : null;
}

/** Nodes that end the body around them: they do so again, by themselves. */
const ENDS: ReadonlySet<string> = new Set(['stop', 'fail']);

/** @returns whether the step is taken over, or can be computed again */
function takeOne(finding: Finding, node: PlanNode, step: StepRecord, walk: Walk): boolean {
  const { recorded, steps } = finding;
  const hasDuty = !recorded.stands && !walk.asItWas && mayUndo(node);
  const isOver = step.status !== 'succeeded';
  const isOpen = node.body !== undefined && (hasDuty || (!walk.asItWas && isUndone(recorded, step)));
  if (ENDS.has(node.uses)) return true;
  if (isOver || (isKept(recorded, node, step) && !isOpen)) {
    steps[step.path] = takenFrom(step, hasDuty);
    return true;
  }
  if (node.body) return walkInside(finding, node, step.path, walkBody, walk.asItWas ? { asItWas: true } : {});
  if (isPure(node)) return true;
  finding.missing.push(step.path);
  return false;
}
