import type { Catalogue } from '../catalogue.ts';
import type { Graph } from '../document/types.ts';
import { type DryRunOutcome, dryRun } from '../dry-run/index.ts';
import type { Json, JsonObject } from '../json.ts';
import { BYTES_REQUESTED_PER_CASE, FUEL_PER_CASE, STEPS_PER_CASE } from '../limits.ts';
import type { Plan } from '../plan/types.ts';
import type { EffectCall, EffectOutcome, TakenSteps } from '../run-state/index.ts';
import { chooseTrigger, defaultInput, fieldsOf, runInput, StartError, triggerInfo } from '../start/index.ts';
import { weigh } from '../weigh.ts';
import { answerOf, parametersOf, timeTaken } from './answers.ts';
import { DEFAULT_CLOCK, timeOf } from './time.ts';
import type { Case, Played, Requested, Setting } from './types.ts';

/** A graph that is ready to run. */
export interface Playable {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly catalogue: Catalogue;
}

/** The case asks for more than a test may hold. */
export class TooMuch extends Error {}

/**
 * Runs a case: a dry run, without a server and without effects. Steps that are taken over are not executed.
 *
 * @throws PinError if a pin fits nothing; TooMuch if the effects ask for too much data
 */
export function playCase(subject: Playable, one: Case, taken?: TakenSteps): Played {
  const start = timeOf(one.clock ?? DEFAULT_CLOCK, Number.NaN)!;
  const vars = { ...subject.graph.vars, ...one.vars } as JsonObject;
  let begun: { trigger: JsonObject; input: Json };
  try {
    begun = beginningOf(subject.graph, one, vars, new Date(start).toISOString());
  } catch (error) {
    if (error instanceof StartError) return notBegun(error);
    throw error;
  }
  const seen = recorder(one);
  const outcome = dryRun({
    plan: subject.plan,
    catalogue: subject.catalogue,
    ...begun,
    vars,
    ...(one.runId === undefined ? {} : { runId: one.runId }),
    now: start,
    ...(taken ? { taken } : {}),
    maxFuel: FUEL_PER_CASE,
    maxSteps: STEPS_PER_CASE,
    pins: one.pins ?? {},
    events: (one.events ?? []).map(({ name, key = null, data = null, at }) => ({
      name,
      key,
      data,
      ...(at === undefined ? {} : { at: timeOf(at, start)! }),
    })),
    ...(one.cancel === undefined ? {} : { cancelAt: timeOf(one.cancel, start)! }),
    takes: seen.takes,
    answer: seen.answer,
  });
  return playedOf(outcome, seen, start);
}

/** The trigger and the input of the run, determined as the server does. @throws StartError */
function beginningOf(graph: Graph, one: Case, vars: JsonObject, at: string): { trigger: JsonObject; input: Json } {
  const { trigger: given } = one;
  const id = chooseTrigger(graph, typeof given === 'string' ? given : given?.id);
  const uses = id === null ? 'call' : graph.triggers![id]!.uses.split('@')[0]!;
  const { id: _, key = null, ...written }: JsonObject = typeof given === 'object' ? given : {};
  const fields = { ...fieldsOf(uses, { at, input: one.input ?? null }), ...written };
  // What the trigger brings is the input, unless the case gives one; a call brings nothing else.
  const input = one.input ?? (typeof given === 'object' ? defaultInput(uses, fields) : null) ?? {};
  const trigger = triggerInfo(graph, id, {
    at,
    key: typeof key === 'string' ? key : null,
    input,
    fields: typeof given === 'object' ? fields : fieldsOf(uses, { at, input }),
  });
  return { trigger, input: runInput(graph, trigger, { input, vars }) };
}

function notBegun({ code, message }: StartError): Played {
  return {
    status: code === 'trigger.declined' ? 'declined' : 'refused',
    output: null,
    error: { code, message, step: '' },
    steps: [],
    effects: [],
    unanswered: [],
    waits: [],
    response: null,
    lasted: null,
    fuel: 0,
  };
}

/** Keeps what the run asks for, and answers it from the case. */
function recorder(setting: Setting) {
  const effects: Requested[] = [];
  const unanswered: Requested[] = [];
  let bytes = 0;
  const requestOf = (call: EffectCall): Requested => ({
    path: call.path,
    uses: call.uses,
    with: (parametersOf(call) ?? {}) as Json,
  });
  return {
    effects,
    unanswered,
    takes(call: EffectCall): number {
      if (call.attemptsBefore === 0) {
        const request = requestOf(call);
        bytes += weigh(request.with);
        if (bytes > BYTES_REQUESTED_PER_CASE)
          throw new TooMuch('The effects of this case ask for more than 64 MB of parameters. Give it less data.');
        effects.push(request);
      }
      return Math.min(timeTaken(call, setting), call.timeoutMs);
    },
    answer(call: EffectCall): EffectOutcome {
      const outcome = answerOf(call, setting);
      if (outcome === null) {
        unanswered.push(requestOf(call));
        const message = `Step ${call.path} (${call.uses}) has no pin.`;
        return { ok: false, error: { code: 'pin.missing', message, unknown: false, retryable: false } };
      }
      if (timeTaken(call, setting) <= call.timeoutMs) return outcome;
      const message = `${call.path} took longer than its timeout.`;
      return { ok: false, error: { code: 'timeout', message, unknown: true, retryable: false } };
    },
  };
}

function playedOf(
  outcome: DryRunOutcome,
  { effects, unanswered }: Pick<Played, 'effects' | 'unanswered'>,
  start: number,
): Played {
  const { status, output, error, steps, waits, endedAt, response, fuel } = outcome;
  return {
    status: status as Played['status'],
    output: plain(output),
    error,
    steps,
    effects: effects.map((each) => ({ ...each, with: plain(each.with) })),
    unanswered,
    waits: waits.map(({ step }) => step),
    response: plain(response),
    lasted: endedAt === null ? null : Date.parse(endedAt) - start,
    fuel,
  };
}

/** A value as JSON holds it. */
const plain = (value: unknown): Json => (value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json));
