import {
  getVersion,
  type HeldAnswer,
  type PublishedVersion,
  resolveVariables,
  runIdOf,
  withWorkspace,
  workflowIdOf,
} from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import {
  chooseTrigger,
  requireSomethingToDo,
  runInput,
  runPriority,
  StartError,
  startParts,
  triggerInfo,
} from '../../graph/start/index.ts';
import { NodeError } from '../../integrations/error.ts';
import type { PreparedRun } from '../../workflows/activities.ts';
import {
  type EffectRequest,
  INTERPRETER_VERSION,
  type StartInput,
  type TriggerInfo,
  workflowType,
} from '../../workflows/contract.ts';

import type { ActivityDeps } from '../base/deps.ts';
import { storeJson } from '../store/stored.ts';
import { depthBelow } from './depth.ts';
import { hold } from './hold.ts';
import { requireRoom } from './room.ts';

/** Parameters of `workflow.run`, as its schema parsed them. */
export interface RunParameters {
  readonly workflow: string;
  readonly allow?: readonly string[];
  readonly version?: number;
  readonly input?: Json;
  readonly wait: boolean;
}

/**
 * Prepares the run that a `workflow.run` step begins: the same run however often this is tried. Preparing has no
 * effect, so the step may be told to stop in the meantime.
 */
export async function prepareRun(
  deps: ActivityDeps,
  request: EffectRequest,
  given: RunParameters,
): Promise<PreparedRun> {
  if (given.allow && !given.allow.includes(given.workflow)) {
    throw new NodeError(
      'workflow.notAllowed',
      `This step may run ${given.allow.join(', ')}; its expression gave ${given.workflow}.`,
    );
  }
  await withWorkspace(deps.database, request.workspace, (tx) => requireRoom(deps, tx));
  const start = await startInputFor(deps, {
    workspace: request.workspace,
    workflow: given.workflow,
    version: given.version,
    input: given.input ?? {},
    key: request.idempotencyKey,
    by: `run:${request.runId}`,
    above: request.depth,
  });
  return {
    workflowId: start.workflowId,
    workflowType: workflowType(given.workflow),
    wait: given.wait,
    start: start.input,
  };
}

/** What begins a run from within a worker: another run, or a trigger that has fired. */
interface Beginning {
  readonly workspace: string;
  readonly workflow: string;
  readonly version?: number | undefined;
  readonly input: Json;
  readonly key: string;
}

/** The start of a published workflow, called by another run. Its opening row is written once it has begun. */
export async function startInputFor(
  deps: ActivityDeps,
  call: Beginning & {
    readonly by: string;
    /** How many runs are above the calling run. */
    readonly above: number | undefined;
    readonly uses?: string;
  },
): Promise<Prepared> {
  const depth = depthBelow(deps, call.workflow, call.above);
  const { found, vars } = await published(deps, call);
  const at = new Date().toISOString();
  const trigger = { ...callTrigger(found, call.uses ?? 'call', { at, key: call.key, input: call.input }), by: call.by };
  return checked(found, () => prepared(deps, call, { found, vars, trigger, declared: null, at, depth }));
}

/** A start that is ready for Temporal. */
export interface Prepared {
  readonly workflowId: string;
  readonly input: StartInput;
}

/**
 * The start of a run whose trigger has fired, or where the firing is held. The same key gives the same run.
 *
 * @throws StartError `trigger.declined`, and what else is wrong with the firing
 */
export async function firedStart(
  deps: ActivityDeps,
  firing: Beginning & { readonly trigger: string; readonly at: string; readonly fields: JsonObject },
): Promise<Prepared | { readonly held: HeldAnswer }> {
  const { found, vars } = await published(deps, firing);
  const { at, key, input, fields, workspace, workflow } = firing;
  const trigger = { ...triggerInfo(found.graph, firing.trigger, { at, key, input, fields }), id: firing.trigger };
  const held = await hold(deps, { workspace, workflow, trigger, key, found, vars, input });
  if (held) return { held };
  return prepared(deps, firing, { found, vars, trigger, declared: firing.trigger, at });
}

async function published(deps: ActivityDeps, { workspace, workflow, version }: Beginning) {
  const { found, vars } = await withWorkspace(deps.database, workspace, async (tx) => {
    const one = await getVersion(tx, { name: workflow, ...(version === undefined ? {} : { version }) });
    return { found: one, vars: one ? await resolveVariables(tx, { workflow, defaults: one.graph.vars ?? {} }) : {} };
  });
  if (!found) throw notFound(workflow, version);
  return { found, vars };
}

async function prepared(
  deps: ActivityDeps,
  { workspace, workflow, key, ...call }: Beginning,
  facts: {
    readonly found: PublishedVersion;
    readonly vars: JsonObject;
    readonly trigger: TriggerInfo;
    /** The trigger that is part of the run's id. */
    readonly declared: string | null;
    readonly at: string;
    readonly depth?: number;
  },
): Promise<Prepared> {
  const { found, vars, trigger, declared, at, depth } = facts;
  const workflowId = workflowIdOf({ workspace, workflow, trigger: declared, key });
  const runId = runIdOf(workflowId);
  const input = runInput(found.graph, trigger, { input: call.input, vars });
  const url = `${deps.publicUrl}/api/runs/${runId}`;
  if (declared !== null && !found.graph.triggers?.[declared]?.keepDeclined) {
    const run = { id: runId, startedAt: at, workflow, version: found.version, url };
    requireSomethingToDo(found.plan, { trigger, input, vars, run });
  }
  const priority = runPriority(found.graph, { trigger, input, vars });
  const parts = await startParts({ plan: found.plan, trigger, input, vars }, (value) =>
    storeJson(deps, workspace, runId, value),
  );
  const start: StartInput = {
    interpreterVersion: INTERPRETER_VERSION,
    workspace,
    workflow,
    version: found.version,
    runId,
    url,
    startedAt: at,
    ...(depth === undefined ? {} : { depth }),
    ...(priority === undefined ? {} : { priority }),
    ...parts,
  };
  return { workflowId, input: deps.signer.sign(start, workflowId) };
}

function callTrigger(
  version: PublishedVersion,
  uses: string,
  facts: { at: string; key: string; input: Json },
): StartInput['trigger'] {
  const declared = Object.entries(version.graph.triggers ?? {}).find(([, trigger]) => trigger.uses === uses);
  if (declared) return triggerInfo(version.graph, declared[0], facts);
  return {
    ...triggerInfo(version.graph, null, facts),
    id: uses === 'call' ? chooseTrigger(version.graph, undefined) : null,
  };
}

/** Does a part of a start. An error in the start becomes the step's error. */
async function checked<T>(version: PublishedVersion, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new NodeError(error.code, `${version.name}: ${error.message}`);
  }
}

function notFound(workflow: string, version: number | undefined): NodeError {
  const what = version === undefined ? 'is not published' : `has no version ${version}`;
  return new NodeError('workflow.notFound', `The workflow ${workflow} ${what} in this workspace.`);
}
