import {
  getVersion,
  type PublishedVersion,
  resolveVariables,
  runIdOf,
  withWorkspace,
  workflowIdOf,
} from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { chooseTrigger, runInput, StartError, startParts, triggerInfo } from '../../graph/start/index.ts';
import { NodeError } from '../../integrations/error.ts';
import type { PreparedRun } from '../../workflows/activities.ts';
import { type EffectRequest, INTERPRETER_VERSION, type StartInput, workflowType } from '../../workflows/contract.ts';

import type { ActivityDeps } from '../base/deps.ts';
import { storeJson } from '../store/stored.ts';
import { depthBelow } from './depth.ts';
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

/** The start of a published workflow, called by another run. Its opening row is written once it has begun. */
export async function startInputFor(
  deps: ActivityDeps,
  call: {
    workspace: string;
    workflow: string;
    version?: number | undefined;
    input: Json;
    key: string;
    by: string;
    /** How many runs are above the calling run. */
    above: number | undefined;
    uses?: string;
  },
): Promise<{ workflowId: string; input: StartInput }> {
  const { workspace, workflow } = call;
  const depth = depthBelow(deps, workflow, call.above);
  const { found, vars } = await withWorkspace(deps.database, workspace, async (tx) => {
    const version = await getVersion(tx, {
      name: workflow,
      ...(call.version === undefined ? {} : { version: call.version }),
    });
    return {
      found: version,
      vars: version ? await resolveVariables(tx, { workflow, defaults: version.graph.vars ?? {} }) : {},
    };
  });
  if (!found) throw notFound(workflow, call.version);
  const workflowId = workflowIdOf({ workspace, workflow, trigger: null, key: call.key });
  const runId = runIdOf(workflowId);
  const at = new Date().toISOString();
  const trigger = { ...callTrigger(found, call.uses ?? 'call', { at, key: call.key, input: call.input }), by: call.by };
  const input = await checked(found, () => runInput(found.graph, trigger, { input: call.input, vars }));
  const parts = await checked(found, () =>
    startParts({ plan: found.plan, trigger, input, vars }, (value) => storeJson(deps, workspace, runId, value)),
  );
  const start: StartInput = {
    interpreterVersion: INTERPRETER_VERSION,
    workspace,
    workflow,
    version: found.version,
    runId,
    url: `${deps.publicUrl}/api/runs/${runId}`,
    startedAt: at,
    depth,
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
