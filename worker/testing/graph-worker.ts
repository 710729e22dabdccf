/** A worker on given servers, and runs of graphs on it: for tests, benchmarks and recordings. */
import { randomBytes } from 'node:crypto';
import { CancelledFailure, Client, type WorkflowHandle, type WorkflowStartOptions } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { runNode } from '../../activities/node/run-node.ts';
import { storeJson } from '../../activities/store/stored.ts';
import {
  createSigner,
  type Database,
  migrate,
  openDatabase,
  parseKeyring,
  publishWorkflow,
  withWorkspace,
} from '../../db/index.ts';
import type { Catalogue } from '../../graph/catalogue.ts';
import { compile } from '../../graph/compile/index.ts';
import { parseGraph } from '../../graph/document/parse.ts';
import type { Graph } from '../../graph/document/types.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import { packPlan } from '../../graph/plan/pack.ts';
import type { Plan } from '../../graph/plan/types.ts';
import type { TakenSteps } from '../../graph/run-state/index.ts';
import { startParts } from '../../graph/start/index.ts';
import type { NodeType } from '../../integrations/define.ts';
import { catalogue, describeNode } from '../../integrations/describe.ts';
import { findNode } from '../../integrations/index.ts';
import {
  INTERPRETER_VERSION,
  type RunResult,
  type StartInput,
  searchAttributesOf,
  workflowType,
} from '../../workflows/contract.ts';
import { type RunningWorker, startWorker, type WorkerOptions } from '../run.ts';
import { installRuntime } from '../runtime.ts';

export const WORKSPACE = 'default';
export const TEST_KEY = Buffer.alloc(32, 7).toString('base64');
const signer = createSigner(parseKeyring(TEST_KEY));

/** What the worker runs on, and what it knows in addition to Blok's own. */
export interface GraphWorkerOptions
  extends Partial<
    Pick<
      WorkerOptions,
      | 'allowHosts'
      | 'closeRun'
      | 'log'
      | 'marksFolder'
      | 'maxDepth'
      | 'maxOpenRuns'
      | 'maxCachedWorkflows'
      | 'redisUrl'
      | 'taskQueue'
      | 'telemetry'
      | 'workflowBundle'
      | 'workflowHeapMb'
    >
  > {
  /** Temporal's address. */
  readonly address: string;
  /** An empty database, or one migrated already. */
  readonly databaseUrl: string;
  /** Where the worker reaches this database, if not directly. */
  readonly workerDatabaseUrl?: string;
  /** Node types in addition to the catalogue's. */
  readonly nodes?: readonly NodeType[];
  /** Activities in addition to Blok's, or in their place, by type. */
  readonly activities?: object;
}

/** What one run is given. */
export interface RunOptions {
  readonly input?: Json;
  readonly trigger?: JsonObject;
  readonly vars?: JsonObject;
  readonly runId?: string;
  readonly interpreterVersion?: number;
  readonly taken?: TakenSteps;
  /** Changes to the start itself. */
  readonly start?: Partial<WorkflowStartOptions>;
}

/** A worker, and the runs it serves. */
export interface GraphWorker {
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly database: Database;
  readonly taskQueue: string;
  readonly worker: RunningWorker;
  /** The catalogue's node types, and those given. */
  readonly catalogue: Catalogue;
  /** Publishes a graph given as text, for `workflow.run`. */
  publish(graph: string): Promise<void>;
  /** The start of a run of a graph given as text. Data that is too large for the start is stored. */
  prepare(graph: string, options?: RunOptions): Promise<StartInput>;
  /** Starts a run of a graph given as text. */
  start(graph: string, options?: RunOptions): Promise<WorkflowHandle>;
  /** Stops the worker. The database stays. */
  dispose(): Promise<void>;
}

/** Migrates the database and starts a worker with a task queue of its own. */
export async function startGraphWorker(options: GraphWorkerOptions): Promise<GraphWorker> {
  await migrate(options.databaseUrl);
  installRuntime();
  const connection = await NativeConnection.connect({ address: options.address });
  const client = new Client({ connection });
  const taskQueue = options.taskQueue ?? `test-${randomBytes(4).toString('hex')}`;
  const own = new Map((options.nodes ?? []).map((node) => [node.type, node]));
  const find: typeof findNode = (type, major) => own.get(type) ?? findNode(type, major);
  const worker = await startWorker({
    connection,
    namespace: 'default',
    databaseUrl: options.workerDatabaseUrl ?? options.databaseUrl,
    keyring: parseKeyring(TEST_KEY),
    publicUrl: 'http://blok.test',
    allowHosts: options.allowHosts ?? [],
    log: options.log ?? { info: () => undefined, warn: () => undefined },
    taskQueue,
    activities: (deps) => ({ default: (request: never) => runNode(deps, request, find), ...options.activities }),
    redisUrl: options.redisUrl,
    ...(options.telemetry && { telemetry: options.telemetry }),
    ...(options.marksFolder === undefined ? {} : { marksFolder: options.marksFolder }),
    ...(options.workflowHeapMb === undefined ? {} : { workflowHeapMb: options.workflowHeapMb }),
    ...(options.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: options.maxCachedWorkflows }),
    ...(options.maxDepth === undefined ? {} : { maxDepth: options.maxDepth }),
    ...(options.maxOpenRuns === undefined ? {} : { maxOpenRuns: options.maxOpenRuns }),
    ...(options.closeRun === undefined ? {} : { closeRun: options.closeRun }),
    ...(options.workflowBundle === undefined ? {} : { workflowBundle: options.workflowBundle }),
  });
  const database = openDatabase(options.databaseUrl);
  const facts: Catalogue = new Map([
    ...catalogue(),
    ...[...own.values()].map((node) => [node.type, describeNode(node)] as const),
  ]);
  const prepare = async (text: string, given: RunOptions = {}): Promise<StartInput> => {
    const { parts, ...rest } = startOf(text, facts, given);
    return { ...rest, ...(await startParts(parts, (value) => storeJson({ database }, WORKSPACE, rest.runId, value))) };
  };
  return {
    client,
    connection,
    database,
    taskQueue,
    worker,
    catalogue: facts,
    prepare,
    publish: async (text) => {
      const { graph, plan } = compiled(text, facts);
      await withWorkspace(database, WORKSPACE, (tx) => publishWorkflow(tx, { graph, plan, hash: plan.hash }));
    },
    start: async (text, given = {}) => {
      const input = await prepare(text, given);
      const workflowId = given.start?.workflowId ?? idOf(input);
      return client.workflow.start(workflowType(input.workflow), {
        taskQueue,
        args: [signed(input, workflowId)],
        searchAttributes: searchAttributesOf(input),
        ...given.start,
        workflowId,
      });
    },
    dispose: async () => {
      await worker.stop();
      await database.close();
      await connection.close();
    },
  };
}

/** The workflow id of a run, made from its run id as the API makes it from the idempotency key. */
export const idOf = ({ workflow, runId }: Pick<StartInput, 'workflow' | 'runId'>): string =>
  `${WORKSPACE}/${workflow}/call/${runId}`;

/** A start as the API would send it: with its signature. */
export const signed = (input: StartInput, workflowId = idOf(input)): StartInput => signer.sign(input, workflowId);

/** The start of a run of a graph given as text, all by value. */
export function startInputOf(text: string, facts: Catalogue, given: RunOptions = {}): StartInput {
  const { parts, ...rest } = startOf(text, facts, given);
  return { ...rest, ...parts, plan: packPlan(parts.plan) };
}

function startOf(text: string, facts: Catalogue, given: RunOptions) {
  const { input = {}, trigger, vars, runId = `r${randomBytes(8).toString('hex')}` } = given;
  const { graph, plan } = compiled(text, facts);
  return {
    interpreterVersion: given.interpreterVersion ?? INTERPRETER_VERSION,
    workspace: WORKSPACE,
    workflow: graph.name,
    version: null,
    runId,
    ...(given.taken ? { taken: { value: given.taken } } : {}),
    url: `http://blok.test/api/runs/${runId}`,
    parts: {
      plan,
      trigger: { id: null, uses: 'call', at: new Date().toISOString(), key: null, ...trigger },
      input,
      vars: { ...graph.vars, ...vars },
    },
  };
}

function compiled(text: string, facts: Catalogue): { graph: Graph; plan: Plan } {
  const { graph, problems } = parseGraph(text);
  if (!graph) throw new Error(JSON.stringify(problems));
  const { plan, problems: found } = compile(graph, facts);
  if (!plan) throw new Error(JSON.stringify(found));
  return { graph, plan };
}

/** The result of a run, however it ended. */
export async function resultOf(handle: WorkflowHandle): Promise<RunResult> {
  try {
    return (await handle.result()) as RunResult;
  } catch (error) {
    const cause = (error as Error).cause as { details?: RunResult[] } | undefined;
    const result = cause?.details?.[0];
    if (result) return result;
    // Temporal keeps no details of a cancelled workflow: its record is in Postgres.
    if (cause instanceof CancelledFailure) return { runId: '', status: 'cancelled', output: null };
    throw error;
  }
}
