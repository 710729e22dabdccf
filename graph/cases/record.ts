import type { Graph } from '../document/types.ts';
import { nodeOf } from '../dry-run/index.ts';
import { formatDuration } from '../duration.ts';
import type { Json, JsonObject } from '../json.ts';
import { builtinType } from '../node-types/builtin-types.ts';
import type { StepRecord } from '../run-state/index.ts';
import type { Case, CaseEvent, CaseFailure, Expectation, StepWord } from './types.ts';

/** A run as the API gives it, with every output in its step. */
export interface RecordedRun {
  readonly id: string;
  readonly status: string;
  readonly trigger?: Json;
  readonly input?: Json;
  readonly output: Json;
  readonly error: { readonly code: string; readonly step: string } | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly steps: readonly StepRecord[];
}

/** Longer than any effect takes: an effect that was cancelled gets no answer in time. */
const NEVER_IN_TIME = '52w';

type Answers = Pick<Case, 'pins' | 'failures' | 'takes' | 'events'>;

/**
 * A case that repeats a run: its effects answer what they answered, and it must end as the run did.
 *
 * @param graph the version that ran
 */
export function caseOfRun(run: RecordedRun, graph: Graph, name: string): Case {
  const ran = run.steps.filter(({ status }) => status !== 'skipped');
  const times = new Map<string, number>();
  for (const { path } of ran) times.set(nodeOf(path), (times.get(nodeOf(path)) ?? 0) + 1);
  const nameOf = ({ path }: StepRecord): string => (times.get(nodeOf(path)) === 1 ? nodeOf(path) : path);
  const start = Date.parse(run.startedAt);
  return {
    name,
    clock: run.startedAt,
    runId: run.id,
    ...beginning(run, graph),
    ...answers(ran, nameOf, start),
    ...(run.status === 'cancelled' && run.endedAt !== null ? { cancel: since(run.endedAt, start) } : {}),
    expect: expectation(run, ran, times, nameOf),
  };
}

function beginning({ trigger, input = null }: RecordedRun, graph: Graph): Pick<Case, 'trigger' | 'input'> {
  const { id = null, uses = 'call', at: _at, ...fields } = (trigger ?? {}) as JsonObject;
  if (typeof id !== 'string' || !Object.hasOwn(graph.triggers ?? {}, id)) return { input };
  if (uses === 'call' || uses === 'form') return { trigger: id, input };
  const { key, ...facts } = fields;
  const brought = { id, ...facts, ...(key === null || key === undefined ? {} : { key }) };
  // What the trigger's own `input` made is made again of what it brought.
  return graph.triggers![id]!.input === undefined ? { trigger: brought, input } : { trigger: brought };
}

function answers(ran: readonly StepRecord[], nameOf: (step: StepRecord) => string, start: number): Answers {
  const pins: JsonObject = {};
  const failures: Record<string, CaseFailure> = {};
  const takes: Record<string, string> = {};
  const events: CaseEvent[] = [];
  for (const step of ran) {
    const output = step.output ?? null;
    if (step.type === 'waitForEvent' && step.status === 'succeeded') events.push(eventOf(output as JsonObject, start));
    else if (step.type === 'approval' && step.status === 'succeeded')
      pins[nameOf(step)] = decisionOf(output as JsonObject, step);
    else if (builtinType(step.type) === undefined) {
      const name = nameOf(step);
      if (step.status === 'failed' && step.error) failures[name] = failureOf(step);
      else if (step.status === 'cancelled') takes[name] = NEVER_IN_TIME;
      else if (step.attempts > 1) failures[name] = { code: 'failed.once', times: step.attempts - 1 };
      if (step.status !== 'failed' && !isSide(step)) pins[name] = output;
    }
  }
  return {
    ...(Object.keys(pins).length > 0 ? { pins } : {}),
    ...(Object.keys(failures).length > 0 ? { failures } : {}),
    ...(Object.keys(takes).length > 0 ? { takes } : {}),
    ...(events.length > 0 ? { events } : {}),
  };
}

/** An undo or a notification: without a pin it succeeds. */
const isSide = ({ path }: StepRecord): boolean => /\.(compensate|notify)$/.test(path);

function failureOf({ error, attempts }: StepRecord): CaseFailure {
  const { code, message, unknown, details } = error!;
  return {
    code,
    message,
    ...(attempts > 1 ? { retryable: true } : {}),
    ...(unknown ? { unknown } : {}),
    ...(details === undefined ? {} : { details }),
  };
}

function eventOf({ name, key, data, at }: JsonObject, start: number): CaseEvent {
  return {
    name: String(name),
    ...(typeof key === 'string' ? { key } : {}),
    data: data ?? null,
    at: since(String(at), start),
  };
}

function decisionOf({ decision, by, comment, values, at }: JsonObject, { startedAt }: StepRecord): JsonObject {
  const after = typeof startedAt === 'string' ? since(String(at), Date.parse(startedAt)) : '0s';
  return {
    decision: decision ?? 'approved',
    by: by ?? '',
    ...(comment ? { comment } : {}),
    ...(values ? { values } : {}),
    ...(after === '0s' ? {} : { after }),
  };
}

const since = (at: string, start: number): string => formatDuration(Date.parse(at) - start);

function expectation(
  { status, output, error }: RecordedRun,
  ran: readonly StepRecord[],
  times: ReadonlyMap<string, number>,
  nameOf: (step: StepRecord) => string,
): Expectation {
  const steps: Record<string, StepWord | number> = {};
  for (const step of ran) {
    const id = nodeOf(step.path);
    if (isSide(step)) continue;
    steps[id] = times.get(id) === 1 ? (step.status as StepWord) : times.get(id)!;
  }
  const effects = ran.filter(({ type }) => builtinType(type) === undefined).map((step) => ({ step: nameOf(step) }));
  return {
    ...(status === 'succeeded' ? { output: output ?? null } : { status: status as Expectation['status'] }),
    ...(error === null ? {} : { error: { code: error.code, ...(error.step === '' ? {} : { step: error.step }) } }),
    steps,
    effects: effects.map(({ step }) => step),
  };
}
