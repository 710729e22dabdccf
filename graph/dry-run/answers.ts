import type { Json } from '../json.ts';
import { findFacts, majorOf } from '../node-types/facts.ts';
import type { PlanBody } from '../plan/types.ts';
import { didYouMean } from '../problems/nearest.ts';
import { decide, type EffectCall, type EffectOutcome, iso, openWaits, type Run, receive } from '../run-state/index.ts';
import { checkValue } from '../validate/schemas/check-value.ts';
import type { DryRunOptions } from './types.ts';

type DryEvent = NonNullable<DryRunOptions['events']>[number];

/** A pin that does not fit its step, or that belongs to no step. */
export class PinError extends Error {}

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
  if (name !== undefined) return { ok: true, output: pins[name] };
  // An undo or a notification without a pin answers with null.
  if (call.path.endsWith('.compensate') || call.path.endsWith('.notify')) return { ok: true, output: null };
  const id = nodeOf(call.path);
  const message = `Step ${call.path} (${call.uses}) has no pinned output. Give one: --pin ${id}=@file or --pin ${id}=JSON.`;
  return { ok: false, error: { code: 'pin.missing', message, unknown: false, retryable: false } };
}

/** Sends the first event that a wait matches, and takes it off the list; false if there is none. */
export function sendEvent(run: Run, events: DryEvent[]): boolean {
  for (const wait of openWaits(run)) {
    const at = events.findIndex(
      ({ name, key = null }) =>
        wait.kind === 'event' && name === wait.event && (wait.key === null || key === null || key === wait.key),
    );
    if (at < 0) continue;
    const { name, key = null, data } = events.splice(at, 1)[0]!;
    return receive(run, {
      id: `event-${run.state.seen.length}-${run.now}`,
      name,
      key,
      data,
      at: iso(run.now),
      told: false,
    });
  }
  return false;
}

/** Decides the first approval that has a pin; false if there is none. @throws PinError if the pin is no decision */
export function decidePinned(run: Run, { pins = {} }: DryRunOptions): boolean {
  for (const wait of openWaits(run)) {
    const name = nameIn(pins, wait.step);
    if (wait.kind !== 'approval' || name === undefined) continue;
    const pin = pins[name] as string | { decision?: string; by?: string; comment?: string; values?: Json } | null;
    if (Array.isArray(pin) || !['string', 'object'].includes(typeof pin)) throw noDecision(name, pin);
    const {
      decision = 'approved',
      by = 'dry-run',
      comment = null,
      values = null,
    } = typeof pin === 'string' ? { decision: pin } : (pin ?? {});
    if (decision !== 'approved' && decision !== 'rejected') throw noDecision(name, decision);
    return decide(run, wait.step, { decision, by, comment, values, at: iso(run.now) });
  }
  return false;
}

const noDecision = (name: string, given: unknown): PinError =>
  new PinError(`The pin of ${name} must be approved or rejected, not ${JSON.stringify(given)?.slice(0, 60)}.`);

const nameIn = (given: object, path: string): string | undefined =>
  [path, nodeOf(path)].find((name) => Object.hasOwn(given, name));

/** Node id of a step path: `each[3].charge` → `charge`; for an undo or notification, with that suffix. */
function nodeOf(path: string): string {
  const parts = path.split('.');
  const last = parts.at(-1)!;
  return last === 'compensate' || last === 'notify' ? parts.slice(-2).join('.') : last;
}
