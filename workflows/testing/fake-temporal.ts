/**
 * A Temporal server and its core, reduced to a few rules, for workflow code in the sandbox. Whatever is on its way
 * arrives in a drawn order. A run takes milliseconds, so that a cancel can be tried at every possible moment.
 *
 * It knows what called runs need: activities and their cancellation, child workflows that are abandoned, cancels and
 * signals from one workflow to another, timers, continue-as-new. As on the real server, whatever has not been delivered
 * when its sender closes is dropped, except the start of a child.
 */
import { UPDATE_PAUSE } from '../contract.ts';
import { carryOut } from './fake-commands.ts';
import { type Chain, execution, type Server, type World } from './fake-server.ts';
import { payloadOf } from './payload.ts';
import type { Sandbox } from './sandbox.ts';

export interface FakeTemporal {
  readonly chains: ReadonlyMap<string, Chain>;
  start(workflowType: string, workflowId: string, input: unknown): void;
  cancel(workflowId: string): void;
  pause(workflowId: string): void;
  signal(workflowId: string, signalName: string, input: object): void;
  /** When the world began, and what its clock shows: epoch ms. */
  readonly began: number;
  now(): number;
  /** Lets one thing happen. False: nothing is on its way. */
  step(): Promise<boolean>;
  dispose(): Promise<void>;
}

/** Long after anything that a test has recorded. */
const BEGINNING = Date.UTC(2030, 0, 1);

export function fakeTemporal(sandbox: Sandbox, world: World): FakeTemporal {
  const chains = new Map<string, Chain>();
  const server: Server = {
    ...world,
    now: BEGINNING,
    chains,
    moves: [],
    begin: (workflowType, workflowId, input, parent) => {
      if (chains.has(workflowId)) return undefined;
      const chain = {
        workflowId,
        workflowType,
        ...(parent ? { parent } : {}),
        status: 'open',
        cancels: 0,
        current: execution(input),
        onEnd: [],
      } as Chain;
      chains.set(workflowId, chain);
      return chain;
    },
    send: (workflowId, job) => {
      const target = chains.get(workflowId);
      if (target?.status !== 'open') return false;
      if (job.cancelWorkflow) target.cancels++;
      target.current.jobs.push(job);
      return true;
    },
  };
  const activate = async (chain: Chain): Promise<void> => {
    const { current } = chain;
    const first = current.vm === undefined;
    server.now += world.taskMs ?? 0;
    const { input, continues } = current;
    const start = { ...chain, runId: `run-${++count}`, arguments: input, now: server.now, continues };
    current.vm ??= await sandbox(start);
    if (!first && world.suggestsOneIn > 0 && world.draw(world.suggestsOneIn) === 0) current.suggested = true;
    const commands = await current.vm.activate(current.jobs.splice(0), server.now, current.suggested);
    for (const { fnName, args } of await current.vm.sinkCalls()) world.sink(fnName, args[0] as never);
    for (const command of commands) if (chain.current === current) carryOut(server, chain, command);
    if (chain.current !== current || chain.status !== 'open') await current.vm.dispose();
  };
  return {
    chains,
    start: (workflowType, workflowId, input) => void server.begin(workflowType, workflowId, [payloadOf(input)]),
    cancel: (workflowId) => void server.send(workflowId, { cancelWorkflow: { reason: 'asked' } }),
    signal: (workflowId, signalName, input) =>
      void server.send(workflowId, { signalWorkflow: { signalName, input: [input] } }),
    began: BEGINNING,
    now: () => server.now,
    pause: (workflowId) => {
      const id = `update-${++count}`;
      server.send(workflowId, { doUpdate: { id, protocolInstanceId: id, name: UPDATE_PAUSE, meta: { updateId: id } } });
    },
    step: async () => {
      const waiting = [...chains.values()].filter(
        ({ status, current }) => status === 'open' && (!current.vm || current.jobs.length > 0),
      );
      const choices = waiting.length + server.moves.length;
      if (choices === 0) return false;
      const chosen = world.draw(choices);
      const chain = waiting[chosen];
      if (chain) await activate(chain);
      else server.moves.splice(chosen - waiting.length, 1)[0]!();
      return true;
    },
    dispose: async () => {
      for (const { status, current } of chains.values()) if (status === 'open') await current.vm?.dispose();
    },
  };
}

/** Run ids must differ, even between worlds, because the SDK keeps its executions by run id. */
let count = 0;
