import {
  describeVersion,
  publishWorkflow,
  releaseOlder,
  type Tenant,
  type WorkflowHead,
  wantTriggers,
} from '../../db/index.ts';
import { type Graph, rewriteText } from '../../graph/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import type { Problem } from '../../graph/problems/problem.ts';
import type { Context } from '../context.ts';
import type { Preconditions } from '../http/preconditions.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { nameProblem } from '../start/name-problem.ts';
import { archived } from '../start/published.ts';
import { readGraph } from '../start/read-graph.ts';
import { triggersOf } from '../triggers/wanted.ts';
import { versionEtag } from './etag.ts';
import { requireExpected } from './expected.ts';
import { requireTests } from './require-tests.ts';

/** What every publication has besides its graph. */
interface Publication extends Preconditions {
  readonly name: string;
  readonly message?: string | undefined;
  /** Who publishes. */
  readonly author: string;
  /** The version that must be published until then, null for none; absent: any. */
  readonly onto?: number | null | undefined;
  /** More work in the same transaction. */
  readonly inside?: (tx: Tenant, published: { readonly version: number }) => Promise<void>;
}

/**
 * Checks and publishes a graph: 201 with a new version, 200 if the published version has the same hash. `strict`: warnings
 * count as errors.
 *
 * @throws ApiProblem `graph.invalid`, `tests.missing`, `tests.failed`, `version.changed`, `workflow.archived`
 */
export async function publishGraph(
  ctx: Context,
  input: Publication & {
    readonly graph: Json;
    readonly strict?: boolean | undefined;
    readonly tests?: string | undefined;
  },
): Promise<Reply> {
  const { graph, plan, warnings } = await readGraph(ctx, input.graph, input.strict);
  const misnamed = nameProblem(graph, input.name);
  if (misnamed !== null) throw new ApiProblem('graph.invalid', misnamed.message, { problems: [misnamed] });
  await requireTests(ctx, graph, input.tests);
  const text = typeof input.graph === 'string' ? input.graph : await rewritten(ctx, input.name, graph);
  return publishPlan(ctx, { ...input, graph, plan, text, warnings });
}

/** The text of the published version, changed to what the graph says, so that comments survive; null if there is none. */
async function rewritten(ctx: Context, name: string, graph: Graph): Promise<string | null> {
  const published = await ctx.tenant((tx) => describeVersion(tx, { name }));
  return published?.text == null ? null : rewriteText(published.text, graph as unknown as Json);
}

/**
 * Publishes a graph and its plan, both of which are known to be good, and sets up its triggers.
 *
 * @throws ApiProblem `version.changed`, `workflow.archived`
 */
export async function publishPlan(
  ctx: Context,
  input: Publication & { graph: Graph; plan: Plan; text: string | null; warnings: readonly Problem[] },
): Promise<Reply> {
  const { name, graph, plan, text, message, author } = input;
  const check = (head: WorkflowHead): void => {
    if (head.archivedAt !== null) throw archived(name);
    requireExpected(input, head);
  };
  const { created, ...version } = await ctx.tenant(async (tx) => {
    const said = { graph, plan, hash: plan.hash, text, author, check, ...(message !== undefined && { message }) };
    const published = await publishWorkflow(tx, said);
    if (published.created) {
      await wantTriggers(tx, { ...triggersOf(graph, published.version), keyring: ctx.keyring });
      await releaseOlder(tx, { workflow: name, version: published.version });
    }
    await input.inside?.(tx, published);
    return published;
  });
  if (created) {
    ctx.triggerAlarm.ring();
    ctx.heldAlarm.ring();
  }
  const headers = { etag: versionEtag(version.version) };
  return { status: created ? 201 : 200, headers, body: { ...version, warnings: input.warnings } };
}
