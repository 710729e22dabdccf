import { parseDuration } from '../duration.ts';
import type { Json } from '../json.ts';
import { findFacts, majorOf } from '../node-types/facts.ts';
import type { PlanBody } from '../plan/types.ts';
import { didYouMean } from '../problems/nearest.ts';
import { decide, type EffectCall, type EffectOutcome, iso, openWaits, type Run, receive } from '../run-state/index.ts';
import { checkValue } from '../validate/schemas/check-value.ts';
import { outputOfPin } from './agent-turn.ts';
import { PinError } from './pin-error.ts';
import type { DryEvent, DryRunOptions } from './types.ts';

/** @throws PinError if an answer is for a node that the plan does not have, because it would go unnoticed */
export function requireNodes({ plan, pins = {}, failures = {} }: DryRunOptions): void {
  const known = new Set(idsIn(plan.body));
  for (const name of [...Object.keys(pins), ...Object.keys(failures)]) {
    const id = nodeOf(name).split('.')[0]!;
    if (!known.has(id))
      throw new PinError(
        `There is no node ${id} in this graph, so nothing can be answered for ${name}.${didYouMean(id, known)}`,
      );
  }
}

const idsIn = (body: PlanBody): string[] =>
  body.nodes.flatMap((node) => [
    node.id,
    ...[node.body, node.catch, node.finally].flatMap((inner) => (inner ? idsIn(inner) : [])),
  ]);

/** The failure of an effect whose parameters do not fit its type; null if they fit, or if that is not known. */
export function refused({ uses, effect, with: given }: EffectCall, { catalogue }: DryRunOptions): EffectOutcome | null {
  const facts = catalogue && findFacts(catalogue, `${uses}@${majorOf(effect.version)}`);
  if (facts === undefined || given === undefined) return null;
  const [problem] = checkValue(given.value as Json, facts.input, '', 'with');
  if (problem === undefined) return null;
  const message = `${uses} was given bad parameters. ${problem.message}`;
  return { ok: false, error: { code: 'input.invalid', message, unknown: false, retryable: false } };
}

/** What an effect answers: its failure or its pin, by step path or else by node id. */
export function pinned(call: EffectCall, { pins = {}, failures = {} }: DryRunOptions): EffectOutcome {
  const failing = nameIn(failures, call.path);
  if (failing !== undefined) {
    const { code, message = code, unknown = false } = failures[failing]!;
    return { ok: false, error: { code, message, unknown, retryable: false } };
  }
  const name = nameIn(pins, call.path);
  if (name !== undefined) return { ok: true, output: outputOfPin(call, pins[name] as Json) };
  // An undo or a notification without a pin answers with null.
  if (call.path.endsWith('.compensate') || call.path.endsWith('.notify')) return { ok: true, output: null };
  const id = nodeOf(call.path);
  const message = `Step ${call.path} (${call.uses}) has no pinned output. Give one: --pin ${id}=@file or --pin ${id}=JSON.`;
  return { ok: false, error: { code: 'pin.missing', message, unknown: false, retryable: false } };
}

/** Sends the first event whose time has come, or that a wait matches, and takes it off the list; false if there is none. */
export function sendEvent(run: Run, events: DryEvent[]): boolean {
  const timed = events.findIndex(({ at }) => at !== undefined && at <= run.now);
  if (timed >= 0) return send(run, events.splice(timed, 1)[0]!);
  for (const wait of openWaits(run)) {
    const at = events.findIndex(
      ({ name, key = null, at: time }) =>
        time === undefined &&
        wait.kind === 'event' &&
        name === wait.event &&
        (wait.key === null || key === null || key === wait.key),
    );
    if (at >= 0) return send(run, events.splice(at, 1)[0]!);
  }
  return false;
}

function send(run: Run, { name, key = null, data }: DryEvent): boolean {
  const id = `event-${run.state.seen.length}-${run.now}`;
  return receive(run, { id, name, key, data, at: iso(run.now), told: false });
}

/** A pinned decision: the word alone, or all of it. */
interface Decision {
  readonly decision?: string;
  readonly by?: string;
  readonly comment?: string;
  readonly values?: Json;
  /** How long after the beginning of the wait; at once if not given. */
  readonly after?: string;
}

/** Decides the first approval whose pinned decision is due; false if there is none. @throws PinError if it is no decision */
export function decidePinned(run: Run, options: DryRunOptions): boolean {
  for (const { wait, name, pin, due } of decisions(run, options)) {
    if (due > run.now) continue;
    const { decision = 'approved', by = 'dry-run', comment = null, values = null } = pin;
    if (decision !== 'approved' && decision !== 'rejected') throw noDecision(name, decision);
    return decide(run, wait.step, { decision, by, comment, values, at: iso(run.now) });
  }
  return false;
}

/** When the next pinned decision is due, in epoch ms; infinity if none is to come. */
export const nextDecision = (run: Run, options: DryRunOptions): number =>
  Math.min(
    ...decisions(run, options)
      .map(({ due }) => due)
      .filter((due) => due > run.now),
  );

function decisions(run: Run, { pins = {} }: DryRunOptions) {
  return openWaits(run).flatMap((wait) => {
    const name = nameIn(pins, wait.step);
    if (wait.kind !== 'approval' || name === undefined) return [];
    const pin = decisionOf(name, pins[name]);
    const after = pin.after === undefined ? 0 : parseDuration(pin.after);
    if (after === null) throw new PinError(`The pin of ${name}: ${JSON.stringify(pin.after)} is not a duration.`);
    return [{ wait, name, pin, due: Date.parse(wait.since) + after }];
  });
}

function decisionOf(name: string, pin: unknown): Decision {
  if (Array.isArray(pin) || !['string', 'object'].includes(typeof pin)) throw noDecision(name, pin);
  return typeof pin === 'string' ? { decision: pin } : ((pin as Decision | null) ?? {});
}

const noDecision = (name: string, given: unknown): PinError =>
  new PinError(`The pin of ${name} must be approved or rejected, not ${JSON.stringify(given)?.slice(0, 60)}.`);

/** The name by which something is given for a step: its path, or else the id of its node. */
export const nameIn = (given: object, path: string): string | undefined =>
  [path, nodeOf(path)].find((name) => Object.hasOwn(given, name));

/** Node id of a step path: `each[3].charge` → `charge`; for an undo or notification, with that suffix. */
export function nodeOf(path: string): string {
  const parts = path.split('.');
  const last = parts.at(-1)!;
  return last === 'compensate' || last === 'notify' ? parts.slice(-2).join('.') : last;
}
