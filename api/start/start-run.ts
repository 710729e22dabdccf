import { randomUUID } from 'node:crypto';
import { runIdOf, workflowIdOf } from '../../db/index.ts';
import type { Graph } from '../../graph/document/types.ts';
import type { Json } from '../../graph/json.ts';
import { chooseTrigger, requireSomethingToDo, runInput, runPriority, triggerInfo } from '../../graph/start/index.ts';
import type { TriggerInfo } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../hash.ts';
import { hasBegunBefore } from './begun-before.ts';
import type { Started, StartRequest } from './request.ts';
import { runInline, writeInline } from './run-inline.ts';
import { requireSameBody } from './same-body.ts';
import { startDurably } from './start-durably.ts';

/**
 * Starts a run, or finds the one that this idempotency key started. A run that only computes is executed at once, and
 * writing its end is the commit point. For all others, Temporal's start is the commit point: the row in Postgres is written
 * after it (`open`), and its loss does not undo the start.
 *
 * @throws ApiProblem `idempotency.mismatch`, `run.tooMany`, and the problems of `load`, of the trigger and of the input
 */
export async function startRun<H = never>(ctx: Context, request: StartRequest<H>): Promise<Started | H> {
  const { workflow, idempotencyKey = null } = request;
  const startedAt = new Date().toISOString();
  const key = idempotencyKey ?? randomUUID();
  const workflowId = workflowIdOf({ workspace: ctx.workspace, workflow, trigger: request.trigger ?? null, key });
  const runId = runIdOf(workflowId);
  const bodyHash = request.body && hashOf(request.body);
  const before = async (): Promise<Started> => {
    if (bodyHash !== undefined) await requireSameBody(ctx, workflowId, bodyHash);
    return { runId, workflowId, isNew: false, open: async () => undefined };
  };
  if (idempotencyKey !== null && (await ctx.isKnownRun(runId))) return before();

  const loaded = await request.load();
  const { graph, plan, version, publishedAt, vars } = loaded;
  const given = request.input === undefined ? {} : request.input;
  const trigger =
    request.ready?.trigger ?? firedTrigger(graph, request, { at: startedAt, key: idempotencyKey, input: given });
  // A published graph is kept with its version.
  const givenGraph = version === null ? graph : null;
  const held = await request.hold?.(loaded, trigger);
  if (held) return held;
  const input = request.ready ? request.ready.input : runInput(graph, trigger, { input: given, vars });
  const url = `${ctx.publicUrl}/api/runs/${runId}`;
  const { depth } = request;
  const priority = runPriority(graph, { trigger, input, vars });
  const facts = {
    ...{ workspace: ctx.workspace, workflow, version, runId, url, startedAt },
    ...(depth ? { depth } : {}),
    ...(request.repeat?.of === undefined ? {} : { replayedFrom: request.repeat.of }),
    ...(priority === undefined ? {} : { priority }),
  };
  const candidate = { workflowId, plan, version, ...(publishedAt && { publishedAt }) };
  const hasBegun = idempotencyKey !== null && (await hasBegunBefore(ctx, candidate));
  const inline = hasBegun || request.repeat ? null : runInline(plan, { ...facts, workflowId, trigger, input, vars });
  if (!inline) {
    const isKept = graph.triggers?.[trigger.id ?? '']?.keepDeclined;
    if ((request.fields || request.ready) && !isKept && !hasBegun && !request.repeat)
      requireSomethingToDo(plan, { trigger, input, vars, run: { id: runId, startedAt, workflow, version, url } });
    const label = graph.label ?? graph.name;
    const taken = await request.repeat?.taken?.(runId);
    const what = { plan, givenGraph, trigger, input, vars, ...(taken && { taken }) };
    return startDurably(ctx, { facts, workflowId, label, bodyHash, waits: request.waits, ...what });
  }
  if (!(await writeInline(ctx, inline, { bodyHash, graph: givenGraph }))) return before();
  return { runId, workflowId, isNew: true, inline, open: async () => undefined };
}

function firedTrigger(
  graph: Graph,
  { trigger, fields }: Pick<StartRequest, 'trigger' | 'fields'>,
  fired: { at: string; key: string | null; input: Json },
): TriggerInfo {
  return triggerInfo(graph, chooseTrigger(graph, trigger), fields ? { ...fired, fields } : fired);
}
