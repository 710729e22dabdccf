/** For tests of the reducer: a small catalogue, and a driver that does nothing on its own. */
import type { Catalogue, NodeFacts, RetryPolicy } from '../../catalogue.ts';
import { compile } from '../../compile/index.ts';
import { parseGraph } from '../../document/parse.ts';
import { parseDuration } from '../../duration.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Plan } from '../../plan/types.ts';
import {
  answerWait,
  type Command,
  cancelRun,
  childStarted,
  createRun,
  DEFAULT_LIMITS,
  decide,
  type EachResult,
  type EffectCall,
  type EffectError,
  forgetRecords,
  hasEnded,
  openWaits,
  pauseRun,
  pump,
  type Run,
  type RunLimits,
  type RunSpec,
  receive,
  restoreRun,
  resumeRun,
  type StepRecord,
  settleEach,
  settleEffect,
  settleEvaluation,
  snapshotRun,
  startRun,
  timerFired,
} from '../index.ts';

const retry: RetryPolicy = {
  maxAttempts: 3,
  delayMs: 1_000,
  factor: 2,
  maxDelayMs: 30_000,
  attemptTimeoutMs: 10_000,
  giveUpOn: [],
};
const facts = { version: '1.0.0', title: '', input: {}, output: {}, retry, timeoutMs: 3_600_000 };

const types: readonly NodeFacts[] = [
  { ...facts, type: 't.do', effect: 'at-least-once' },
  { ...facts, type: 't.read', effect: 'read', retry: { ...retry, maxAttempts: 1 } },
  { ...facts, type: 't.pick', effect: 'read', ports: ['yes', 'no'] },
  { ...facts, type: 't.script', effect: 'read', queue: 'code' },
  { ...facts, type: 'workflow.run', effect: 'exactly-once' },
];

/**
 * Made-up effects: `t.do`, `t.read`, `t.pick` (leaves by `yes` or `no`), `t.script` (in the queue of scripts) and
 * `workflow.run`.
 */
export const catalogue: Catalogue = new Map(types.map((each) => [each.type, each]));

/** The plan of a graph in YAML; `blok` and `name` may be left out. @throws Error with the problems */
export function planOf(yaml: string): Plan {
  const text = yaml.includes('blok:') ? yaml : `blok: 1\nname: test\n${yaml}`;
  const { graph, problems } = parseGraph(text, { format: 'yaml' });
  const compiled = graph && problems.length === 0 ? compile(graph, catalogue) : { problems };
  if (!('plan' in compiled) || !compiled.plan) throw new Error(JSON.stringify(compiled.problems, null, 1));
  // The plan as a database returns it.
  return JSON.parse(JSON.stringify(compiled.plan)) as Plan;
}

export interface PlayOptions {
  readonly input?: Json;
  readonly vars?: JsonObject;
  readonly trigger?: JsonObject;
  readonly limits?: Partial<RunLimits>;
  readonly part?: RunSpec['part'];
  /** The interpreter version the run began with. */
  readonly version?: number;
  readonly taken?: RunSpec['taken'];
}

const START = Date.UTC(2026, 0, 1);

/** A run under the control of a test: the test decides what comes back and when; nothing happens on its own. */
export function play(graph: string | Plan, options: PlayOptions = {}) {
  const plan = typeof graph === 'string' ? planOf(graph) : graph;
  const startedAt = new Date(START).toISOString();
  const spec: RunSpec = {
    plan,
    facts: {
      trigger: { id: null, uses: 'call', at: startedAt, key: null, ...options.trigger },
      input: options.input ?? {},
      vars: options.vars ?? {},
      run: { id: 'run-1', startedAt, workflow: plan.name, version: 1, url: 'https://blok.test/runs/run-1' },
    },
    now: START,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    ...(options.part ? { part: options.part } : {}),
    ...(options.version === undefined ? {} : { version: options.version }),
    ...(options.taken ? { taken: options.taken } : {}),
  };
  let run = createRun(spec);
  const pending = new Map<string, EffectCall>();
  const timers = new Map<string, number>();
  const steps: StepRecord[] = [];
  const given: Command[] = [];
  /** The effects that were asked for, in order: `a`, `a#2`, `cancel a`. */
  const log: string[] = [];
  let yields = 0;

  function note(command: Command): void {
    given.push(command);
    if (command.do === 'effect') {
      pending.set(command.call.path, command.call);
      log.push(command.call.id);
    } else if (command.do === 'cancelEffect') {
      log.push(`cancel ${command.path}`);
      if (!pending.get(command.path)?.awaited) pending.delete(command.path);
    } else if (command.do === 'timer') timers.set(command.key, command.at);
    else if (command.do === 'clearTimer') timers.delete(command.key);
  }

  function carryOut(): void {
    for (let wish = pump(run); ; wish = pump(run)) {
      for (const command of run.commands.splice(0)) note(command);
      if (wish === 'idle' && run.todo.length > 0 && !hasEnded(run)) throw new Error('Something was left undone.');
      if (wish === 'idle') break;
      yields++;
    }
    steps.push(...run.state.ended);
    forgetRecords(run, run.state.ended.length);
  }

  function callOf(path: string): EffectCall {
    const call = pending.get(path);
    if (!call) throw new Error(`${path} is not in flight; in flight are: ${[...pending.keys()].join(', ')}`);
    pending.delete(path);
    return call;
  }

  function fire(key: string): void {
    timers.delete(key);
    timerFired(run, key);
    carryOut();
  }

  const times = { startedAt, endedAt: startedAt };

  const game = {
    plan,
    log,
    commands: given,
    get run() {
      return run;
    },
    get yields() {
      return yields;
    },
    get status() {
      return hasEnded(run) ? run.state.status : 'open';
    },
    get output() {
      return run.state.output as Json;
    },
    get error() {
      return run.state.error;
    },
    /** Effects in flight, oldest first. */
    get pending() {
      return [...pending.keys()];
    },
    get waits() {
      return openWaits(run);
    },
    /** Records of the steps that have ended, in that order. */
    get steps() {
      return steps;
    },
    /** How each step ended, by path. */
    get ends() {
      return Object.fromEntries(steps.map(({ path, status }) => [path, status]));
    },
    call: (path: string): EffectCall => pending.get(path) as EffectCall,
    step: (path: string): StepRecord => steps.find((step) => step.path === path) as StepRecord,
    timers: () => [...timers.keys()],
    ok(path: string, output: unknown = null) {
      const { attemptsBefore } = callOf(path);
      settleEffect(run, path, { ok: true, output, meta: { attempt: attemptsBefore + 1, ...times } });
      carryOut();
      return game;
    },
    bad(path: string, code = 'broken', more: Partial<EffectError> & { attempt?: number; cancelled?: boolean } = {}) {
      const { attempt, cancelled, ...error } = more;
      callOf(path);
      settleEffect(run, path, {
        ok: false,
        ...(cancelled ? { cancelled } : {}),
        error: { code, message: `${code} at ${path}`, unknown: false, retryable: false, ...error },
        ...(attempt === undefined ? {} : { meta: { attempt, ...times } }),
      });
      carryOut();
      return game;
    },
    started(path: string, child = { workflowId: 'child', runId: 'r2' }) {
      childStarted(run, path, child);
      carryOut();
      return game;
    },
    computed(path: string, value: unknown) {
      settleEvaluation(run, path, { ok: true, value });
      carryOut();
      return game;
    },
    notComputed(path: string, code: string) {
      settleEvaluation(run, path, { ok: false, code, message: code });
      carryOut();
      return game;
    },
    looped(path: string, result: EachResult) {
      settleEach(run, path, result);
      carryOut();
      return game;
    },
    /** Fires the next timer; false if none is due until then. */
    tick(until = Number.POSITIVE_INFINITY): boolean {
      const [first] = [...timers].sort(([, a], [, b]) => a - b);
      if (!first || first[1] > until) return false;
      run.now = Math.max(run.now, first[1]);
      fire(first[0]);
      return true;
    },
    /** Lets time pass; due timers fire, the earliest first. */
    pass(duration: string) {
      const until = run.now + parseDuration(duration)!;
      while (game.tick(until));
      run.now = until;
      return game;
    },
    event(
      name: string,
      more: { key?: string; data?: Json; id?: string; at?: string; told?: boolean; digest?: string } = {},
    ) {
      const { key = null, data = null, id = `e${given.length}-${run.state.seen.length}`, told = false } = more;
      const digest = more.digest === undefined ? {} : { digest: more.digest };
      const at = more.at ?? new Date(run.now).toISOString();
      const fresh = receive(run, { id, name, key, data, at, told, ...digest });
      carryOut();
      return fresh;
    },
    decide(path: string, decision: 'approved' | 'rejected', more: { comment?: string; values?: Json } = {}) {
      const at = new Date(run.now).toISOString();
      const taken = decide(run, path, { decision, by: 'ann', comment: null, values: null, at, ...more });
      carryOut();
      return taken;
    },
    /** Answers the event wait of a step, as its link does. */
    answer(path: string, data: Json) {
      const at = new Date(run.now).toISOString();
      const taken = answerWait(run, path, { id: `link-${path}`, name: 'link', key: null, data, at });
      carryOut();
      return taken;
    },
    /** Does what an operator asks for. */
    operate<T>(act: (run: Run) => T): T {
      const answer = act(run);
      carryOut();
      return answer;
    },
    cancel() {
      cancelRun(run, 'Nobody wants it.');
      carryOut();
      return game;
    },
    pause() {
      pauseRun(run);
      return game;
    },
    resume() {
      resumeRun(run);
      carryOut();
      return game;
    },
    drain() {
      run.state.draining = true;
      return game;
    },
    /** Continues the run as a new execution restores it; `written` replaces the snapshot by one of another version. */
    snapshot(written: (json: string) => string = (json) => json) {
      const { now } = run;
      run = restoreRun({ ...spec, now }, JSON.parse(written(JSON.stringify(snapshotRun(run)))));
      const pendingTimers = new Set(timers.keys());
      timers.clear();
      for (const [key, at] of Object.entries(run.state.timers)) timers.set(key, at);
      carryOut();
      // Timers that had fired already fire again immediately.
      for (const key of [...timers.keys()].filter((each) => !pendingTimers.has(each))) fire(key);
      return game;
    },
  };
  startRun(run);
  carryOut();
  return game;
}

export type Game = ReturnType<typeof play>;
