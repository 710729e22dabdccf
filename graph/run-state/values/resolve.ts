import { runData } from '../../data/index.ts';
import { asCondition, NeedsData, Reference, type Scope, type Template } from '../../expression/runtime.ts';
import { FUEL_PER_EXPRESSION } from '../../limits.ts';
import { owned, weigh } from '../../weigh.ts';
import { isToStore, measure, ownValue } from '../state/bytes-held.ts';
import { isWhole, seal } from '../state/envelope.ts';
import { frameAt, stepOf } from '../state/frames.ts';
import type { Start } from '../state/start.ts';
import type { Run } from '../state/state.ts';
import type { Place } from '../state/step.ts';
import { follows } from '../state/versions.ts';
import { StepFailure, Suspended } from './errors.ts';
import { param } from './params.ts';
import { fuelOf, resolve, sliceFor } from './scope.ts';

/** A value the interpreter itself needs: for which step or frame, its name, and what to compute it from. */
export interface Question {
  readonly place: Place;
  /** Names the value within its step, or (for node −1) within its frame. */
  readonly key: string;
  readonly template: Template;
  readonly scope: Scope;
  /** A data node type to run with the template as its parameters. */
  readonly data?: string;
  /** Given if the run keeps the value: a large one is stored. Lists the pointers whose values stay beside the reference. */
  readonly keeps?: readonly string[];
}

/**
 * The answer to a question, computed here if that needs no stored data. Otherwise an activity is asked and `Suspended`
 * is thrown: the node begins again when the answer has arrived.
 *
 * @param read turns the value into the result; may throw `NeedsData` if a reference is not enough
 */
export function answer<Result>(run: Run, question: Question, read: (value: unknown) => Result): Result {
  const { place, key, template, scope, data } = question;
  const holder = place.node < 0 ? frameAt(run, place.frame) : stepOf(run, place);
  const come = holder.evaluated && Object.hasOwn(holder.evaluated, key) ? holder.evaluated[key] : undefined;
  if (come && 'error' in come) throw new StepFailure(come.error.code, come.error.message);
  try {
    if (come) return read(come.value);
    const value = data ? runDataNode(run, data, template, scope) : resolve(run, template, scope, fieldOf(key));
    if (question.keeps) return read(keep(run, question, value));
    if (!data && follows(run, 'dataAndControlPriced')) measure(run, value);
    return read(value);
  } catch (thrown) {
    if (!(thrown instanceof NeedsData)) throw thrown;
    if (come)
      throw new StepFailure(
        'input.invalid',
        `${fieldOf(key)}: the value is too large; at most 32 KB are allowed here.`,
      );
  }
  const path = awaited(run, place, key);
  const call = { path, key, template, scope: seal(sliceFor(template, scope)), ...(data ? { data } : {}) };
  run.commandBytes += JSON.stringify(call.scope).length;
  run.commands.push({ do: 'evaluate', call });
  throw new Suspended();
}

/**
 * A value that the run keeps. A large value is stored first: `Suspended` is thrown, and the node goes on when it is.
 */
export function keep(
  run: Run,
  { place, key, keeps = [] }: Pick<Question, 'place' | 'key' | 'keeps'>,
  value: unknown,
): unknown {
  const holder = place.node < 0 ? frameAt(run, place.frame) : stepOf(run, place);
  const come = holder.evaluated?.[key];
  if (come && 'value' in come) return come.value;
  measure(run, value);
  if (!isToStore(run, value)) return ownValue(run, value);
  const path = awaited(run, place, key);
  run.commandBytes += weigh(value);
  run.commands.push({ do: 'keep', call: { path, value, inline: keeps } });
  throw new Suspended();
}

/** Notes which step or frame waits for a value. */
function awaited(run: Run, place: Place, key: string): string {
  const path = `${place.node < 0 ? `${place.frame}/` : stepOf(run, place).path}:${key}`;
  run.state.evaluations[path] = { ...place, key };
  return path;
}

/** One parameter of the node being started; undefined if it is not given. The value may hold references. */
export const parameter = (run: Run, start: Start, name: string): unknown =>
  ask(run, start, name, param(start.plan, name), (value) => value);

/** Like `parameter`, for a value that the run keeps while the node runs. */
export const keptParameter = (run: Run, start: Start, name: string): unknown =>
  ask(run, start, name, param(start.plan, name), (value) => value, []);

/** Like `parameter`, but the value holds no references. */
export const wholeParameter = (run: Run, start: Start, name: string): unknown =>
  ask(run, start, name, param(start.plan, name), whole);

/** Like `wholeParameter`, but a large value may be a reference: only its beginning is shown. */
export const shownParameter = (run: Run, start: Start, name: string): unknown =>
  ask(run, start, name, param(start.plan, name), follows(run, 'bytesCount') ? wholeOrStored : whole);

const wholeOrStored = (value: unknown): unknown => (value instanceof Reference ? value : whole(value));

/** A condition of the node being started; false if it is not given. */
export const condition = (run: Run, start: Start, name: string, template = param(start.plan, name)): boolean =>
  ask(run, start, name, template, (value) => asCondition(value, fieldOf(name))) ?? false;

/** Stops waiting for values that activities are computing for a step or frame. */
export function forgetEvaluations(run: Run, { frame, node }: Place): void {
  for (const [path, asker] of Object.entries(run.state.evaluations)) {
    if (asker.frame === frame && asker.node === node) delete run.state.evaluations[path];
  }
}

function ask<Result>(
  run: Run,
  { place, scope }: Start,
  key: string,
  template: Template | undefined,
  read: (value: unknown) => Result,
  keeps?: readonly string[],
): Result | undefined {
  return template && answer(run, { place, key, template, scope, ...(keeps ? { keeps } : {}) }, read);
}

/** The value, if it holds no references. @throws NeedsData if it does */
export function whole(value: unknown): unknown {
  if (isWhole(value)) return owned(value);
  throw new NeedsData([]);
}

function runDataNode(run: Run, uses: string, template: Template, scope: Scope): unknown {
  const before = FUEL_PER_EXPRESSION * DATA_NODE_FUEL;
  const fuel = fuelOf(run, before);
  try {
    return runData(uses, template, scope, fuel);
  } finally {
    run.state.fuelUsed += before - fuel.left;
  }
}

/** `if` and `output` are fields of the node; the rest are parameters. */
const fieldOf = (key: string): string => (FIELDS.has(key) ? key : `with.${key}`);

const FIELDS: ReadonlySet<string> = new Set(['if', 'output', 'with', 'catch.if']);

/** A data node evaluates its expressions once per element, so it gets the fuel of this many expressions. */
const DATA_NODE_FUEL = 10;
