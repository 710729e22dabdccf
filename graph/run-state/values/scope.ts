import { type Fuel, newFuel, resolveInPlace, type Scope, type Template } from '../../expression/runtime.ts';
import { FUEL_PER_EXPRESSION } from '../../limits.ts';
import type { PlanNode } from '../../plan/types.ts';
import { type Enveloped, unseal } from '../state/envelope.ts';
import type { Frame, Run, RunFacts, Visible } from '../state/state.ts';
import type { RunError } from '../state/types.ts';
import { follows } from '../state/versions.ts';
import { readsOfNode, readsOfTemplate } from './reads.ts';

/** The loop a body belongs to. */
export type InnerLoop = { readonly index: number } & ({ readonly item: unknown } | { readonly state: unknown });

/**
 * What the body of a container sees of its surroundings: only what it reads, so that a loop in a large graph does not
 * copy all outputs for each item.
 *
 * @param error the error being handled, for a `catch` or `finally`
 */
export function visibleWithin(outer: Visible, container: PlanNode, loop?: InnerLoop, error?: RunError | null): Visible {
  const { ids } = readsOfNode(container);
  const visible: Visible = {
    nodes: pick(outer.nodes, ids.nodes),
    errors: pick(outer.errors, ids.errors),
    loops: bare(outer.loops),
    local: bare(outer.local),
  };
  if (loop) {
    visible.loops[container.id] = bare(loop);
    Object.assign(visible.local, loop);
  }
  if (error !== undefined) visible.local.error = error;
  return visible;
}

/**
 * What the body of a container can read. If a live `.error` or `.timeout` link started the container, that includes
 * `error`.
 */
export function visibleIn(frame: Frame, container: PlanNode, loop?: InnerLoop): Visible {
  return visibleWithin(frame.visible, container, loop, handledError(frame, container));
}

/**
 * `error` for a node that a live `.error` or `.timeout` link started. Null if the node has such links but another link
 * started it, and no enclosing body handles an error. Else undefined.
 */
export function handledError(frame: Frame, plan: PlanNode): RunError | null | undefined {
  let asks = false;
  for (const [source, port] of plan.needs) {
    if (source === 'trigger' || (port !== 'error' && port !== 'timeout')) continue;
    asks = true;
    const from = frame.steps[source];
    if (from?.status === 'failed' && from.port === port) return from.error ?? undefined;
  }
  return asks && !Object.hasOwn(frame.visible.local, 'error') ? null : undefined;
}

/** What the root body starts with: nothing but the run's own facts. */
export const nothingVisible = (): Visible => ({ nodes: bare({}), errors: bare({}), loops: bare({}), local: bare({}) });

/** Root names and their values, as expressions of a body see them. */
export function scopeOf(run: Run, visible: Visible, error?: RunError | null): Scope {
  return bare({
    ...run.facts,
    ...visible.local,
    ...(error === undefined ? {} : { error }),
    nodes: visible.nodes,
    errors: visible.errors,
    loops: visible.loops,
    now: iso(run.now),
  });
}

/** The fuel for one evaluation, with the rules of the version that the run began with. */
export function fuelOf(run: Run, left = FUEL_PER_EXPRESSION): Fuel {
  const fuel = { ...newFuel(left, run.zones), prices: run.version };
  return follows(run, 'parsedNumbersStay') ? fuel : { ...fuel, roundsNumbers: true };
}

/** Resolves a template and counts its fuel for the run. Throws `NeedsData` or `ExpressionError`. */
export function resolve(run: Run, template: Template, scope: Scope, field: string): unknown {
  const fuel = fuelOf(run);
  try {
    return resolveInPlace(template, scope, fuel, field);
  } finally {
    run.state.fuelUsed += FUEL_PER_EXPRESSION - fuel.left;
  }
}

/** Exactly what a template reads, so that the template can be resolved elsewhere or later. */
export function sliceFor(template: Template | undefined, scope: Scope): Record<string, unknown> {
  const slice: Record<string, unknown> = {};
  if (!template) return slice;
  const { roots, ids } = readsOfTemplate(template);
  for (const root of roots) {
    const value = scope[root];
    if (value === undefined) continue;
    slice[root] = ids[root] ? { ...pick(value as Record<string, unknown>, ids[root]) } : value;
  }
  return slice;
}

/** What a `compensate` will read, except the run's facts, which are still known then. */
export function undoScope(run: Run, template: Template | undefined, scope: Scope): Record<string, unknown> {
  const slice = sliceFor(template, scope);
  for (const root of Object.keys(run.facts)) delete slice[root];
  return slice;
}

/** The scope that a slice represents. Takes ownership of the envelope: don't use it afterwards. */
export function scopeFromSlice(slice: Enveloped, extra?: Partial<RunFacts> & Record<string, unknown>): Scope {
  const value = unseal(slice) as Record<string, unknown>;
  const scope = bare({ ...value, ...extra });
  for (const root of ['nodes', 'errors', 'loops']) scope[root] = bare((value[root] as object) ?? {});
  return scope;
}

/** Epoch ms as ISO text in UTC. */
export const iso = (at: number): string => new Date(at).toISOString();

/** The named members, or all. */
function pick(from: Record<string, unknown>, ids: readonly string[] | '*' = []): Record<string, unknown> {
  if (ids === '*') return bare(from);
  const picked = bare({});
  for (const id of ids) if (Object.hasOwn(from, id)) picked[id] = from[id];
  return picked;
}

/** A copy without a prototype: expressions read own properties only. */
// biome-ignore lint/suspicious/noExplicitAny: each caller knows what it copies
function bare(from: object): any {
  return Object.assign(Object.create(null), from);
}
