import type { ZoneRules } from '../../expression/runtime.ts';
import {
  BYTES_HELD,
  COMMAND_BYTES_PER_ACTIVATION,
  EFFECTS_IN_FLIGHT,
  FUEL_PER_ACTIVATION,
  IN_FLIGHT_AT_FIRST,
  IN_FLIGHT_OF_QUEUE,
  ITEMS_WITHOUT_CHAINS,
  MAX_CHAINS,
  STARTS_PER_ACTIVATION,
} from '../../limits.ts';
import type { Plan, PlanBody } from '../../plan/types.ts';
import { weigh } from '../../weigh.ts';
import { hold } from './bytes-held.ts';
import type { Run, RunFacts, RunLimits, RunState } from './state.ts';
import type { TakenSteps } from './taken.ts';
import { follows, INTERPRETER_VERSION } from './versions.ts';

/** Caps that keep one activation and one server message small (interpreter README §1). */
export const DEFAULT_LIMITS: RunLimits = {
  startsPerPump: STARTS_PER_ACTIVATION,
  yieldBytes: COMMAND_BYTES_PER_ACTIVATION,
  inFlight: EFFECTS_IN_FLIGHT,
  atFirst: IN_FLIGHT_AT_FIRST,
  ofQueue: IN_FLIGHT_OF_QUEUE,
  yieldFuel: FUEL_PER_ACTIVATION,
  bytes: BYTES_HELD,
  inlineItems: ITEMS_WITHOUT_CHAINS,
};

/** What a run is made of, apart from its state. */
export interface RunSpec {
  readonly plan: Plan;
  readonly facts: RunFacts;
  /** Epoch ms. */
  readonly now: number;
  readonly limits?: RunLimits;
  /** The interpreter version the run began with; the newest if not given. */
  readonly version?: number;
  readonly zones?: ZoneRules;
  /** Steps that are taken over instead of executed. */
  readonly taken?: TakenSteps | undefined;
  /** For part of a long list: the one-node body, the key of its frame, the index of the first item. */
  readonly part?: { readonly root: PlanBody; readonly key: string; readonly offset: number };
}

/** Completes a state to a run, with everything that does not change. */
export function runOf(spec: RunSpec, state: RunState): Run {
  const { plan, facts, now, limits = DEFAULT_LIMITS, version = INTERPRETER_VERSION, zones, taken, part } = spec;
  return {
    plan,
    version,
    root: part?.root ?? plan.body,
    facts,
    limits: limitsFor(limits, version, part !== undefined),
    rootKey: part?.key ?? '',
    page: part?.offset ?? 0,
    paged: part !== undefined,
    state,
    commands: [],
    places: new Map(),
    todo: [],
    commandBytes: 0,
    now,
    zones,
    taken,
  };
}

/**
 * The limits that a version knows. A part of a long list is a run of its own beside others like it. Of the places at first
 * it has a third and not an eighth, because the body of a single item can have as many steps.
 */
function limitsFor(limits: RunLimits, version: number, isPart: boolean): RunLimits {
  const share = (limit: number, parts: number): number => (isPart ? Math.max(1, Math.floor(limit / parts)) : limit);
  const ofQueue = Object.entries(limits.ofQueue).map(([queue, limit]) => [queue, share(limit, MAX_CHAINS)] as const);
  return {
    ...limits,
    atFirst: follows({ version }, 'roomGrows') ? share(limits.atFirst, 3) : limits.inFlight,
    ofQueue: follows({ version }, 'fewScriptsInFlight') ? Object.fromEntries(ofQueue) : {},
  };
}

/** A run that has not begun. Call `startRun`, then carry out its commands and give it their results. */
export function createRun(spec: RunSpec): Run {
  const run = runOf(spec, {
    status: 'running',
    frames: {},
    ready: [],
    held: [],
    side: {},
    timers: {},
    evaluations: {},
    due: [],
    paused: false,
    draining: false,
    seq: 0,
    order: 0,
    generation: 0,
    fuelUsed: 0,
    fuelAtYield: 0,
    inFlight: 0,
    events: [],
    seen: [],
    response: null,
    output: null,
    error: null,
    ended: [],
  });
  const { trigger, input, vars } = spec.facts;
  hold(run, weigh([trigger, input, vars]));
  return run;
}
