import { createHash } from 'node:crypto';
import {
  getRunSummary,
  readFormToken,
  resolveVariables,
  runIdOf,
  type TriggerRow,
  triggerByToken,
  workflowIdOf,
} from '../../db/index.ts';
import type { Graph } from '../../graph/document/types.ts';
import { type Field, formOf } from '../../graph/form/index.ts';
import { triggerParameters } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { loadVersion } from '../start/published.ts';

/** A form that may be filled in now. */
export interface OpenForm {
  readonly row: TriggerRow;
  readonly graph: Graph;
  readonly form: Field;
  readonly title: string;
  readonly description: string | null;
  /** Words on the button. */
  readonly submit: string;
  readonly link: Link | null;
}

/** The one-use link with which a form was opened, and the key of the run it starts. */
interface Link {
  readonly token: string;
  readonly key: string;
}

/**
 * The form at an address.
 *
 * @throws ApiProblem `form.notFound`, `trigger.off`; `link.notFound`, `link.expired`, `link.used`, of the link that opens it
 */
export async function findForm(ctx: Context, input: { token: string; link?: string | undefined }): Promise<OpenForm> {
  const row = await ctx.tenant((tx) => triggerByToken(tx, { token: input.token }));
  if (row?.uses !== 'form')
    throw new ApiProblem('form.notFound', 'There is no form here. Open the address exactly as it was given to you.');
  if (!row.enabled || !row.workflowActive)
    throw new ApiProblem('trigger.off', 'This form takes no answers at the moment.');
  const { graph, vars } = await ctx.tenant(async (tx) => {
    const version = await loadVersion(ctx, tx, { name: row.workflow, version: row.version });
    const { vars: defaults = {} } = version.graph;
    return { graph: version.graph, vars: await resolveVariables(tx, { workflow: row.workflow, defaults }) };
  });
  const { access = 'public', title, description, submit } = triggerParameters(graph, row.id, vars);
  if (access === 'link' && input.link === undefined)
    throw new ApiProblem('link.notFound', 'This form opens with a link of its own. Ask whoever sent you here for one.');
  return {
    row,
    graph,
    form: formOf(graph.input),
    title: textOr(title, graph.label ?? graph.name),
    description: typeof description === 'string' ? description : null,
    submit: textOr(submit, 'Send'),
    link: input.link === undefined ? null : await readLink(ctx, row, input.link),
  };
}

const textOr = (given: unknown, other: string): string => (typeof given === 'string' && given !== '' ? given : other);

async function readLink(ctx: Context, { workflow, id }: TriggerRow, token: string): Promise<Link> {
  const claim = readFormToken(ctx.keyring, token);
  const isOurs = claim?.workspace === ctx.workspace && claim.workflow === workflow && claim.trigger === id;
  if (!isOurs) throw new ApiProblem('link.notFound', 'This link is not one of ours, or not complete.');
  if (Date.parse(claim.expiresAt) <= Date.now()) throw new ApiProblem('link.expired', 'This link has expired.');
  const key = `link/${createHash('sha256').update(token).digest('hex')}`;
  return { token, key };
}

/** The run that was started under a key, or null. */
export async function runOf(ctx: Context, { workflow, id }: TriggerRow, key: string): Promise<string | null> {
  const runId = runIdOf(workflowIdOf({ workspace: ctx.workspace, workflow, trigger: id, key }));
  return (await ctx.tenant((tx) => getRunSummary(tx, { runId }))) ? runId : null;
}
