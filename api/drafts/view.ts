import { findWorkflow, getDraft, type StoredDraft, type WorkflowHead } from '../../db/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { Problem } from '../../graph/problems/problem.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { nameProblem } from '../start/name-problem.ts';
import { checkGraph } from '../start/read-graph.ts';
import { draftEtag } from './etag.ts';

/** A draft as answers show it. */
export interface DraftView {
  readonly name: string;
  readonly etag: string;
  readonly text: string;
  /** Null: the text is no graph. */
  readonly graph: Graph | null;
  readonly problems: readonly Problem[];
  readonly base: number | null;
  readonly published: number | null;
  readonly differs: boolean;
  readonly author: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A draft, and what is published of its workflow. */
export interface Found {
  readonly stored: StoredDraft;
  readonly head: Pick<WorkflowHead, 'version' | 'hash'>;
}

/** Shows a draft: its graph, and all problems of it as of now. */
export async function viewDraft(ctx: Context, name: string, { stored, head }: Found): Promise<DraftView> {
  const { text, base, hash, author, createdAt, updatedAt } = stored;
  const { graph, problems } = await checkGraph(ctx, text);
  const misnamed = graph === null ? null : nameProblem(graph, name);
  return {
    ...{ name, etag: draftEtag(text), text, graph, problems: misnamed ? [misnamed, ...problems] : problems, base },
    ...{ published: head.version, differs: hash === null || hash !== head.hash, author, createdAt, updatedAt },
  };
}

/** A draft of a workflow; null if there is none. */
export async function findDraft(ctx: Context, name: string): Promise<Found | null> {
  return ctx.tenant(async (tx) => {
    const head = await findWorkflow(tx, { name });
    const stored = head === null ? null : await getDraft(tx, { name });
    return head === null || stored === null ? null : { stored, head };
  });
}

/** A draft of a workflow. @throws ApiProblem `draft.notFound` */
export async function requireDraft(ctx: Context, name: string): Promise<Found> {
  const found = await findDraft(ctx, name);
  if (found === null) throw noDraft(name);
  return found;
}

/** There is no draft. */
export const noDraft = (name: string): ApiProblem =>
  new ApiProblem(
    'draft.notFound',
    `There is no draft of a workflow "${name}" here. PUT /api/workflows/${name}/draft makes one; GET /api/workflows/${name} ` +
      'shows what is published.',
  );

/** A draft is not the one that a request expects. The answer carries the one that is there. */
export async function draftChanged(ctx: Context, name: string, found: Found | null): Promise<ApiProblem> {
  const current = found === null ? null : await viewDraft(ctx, name, found);
  const detail =
    current === null
      ? `There is no draft of "${name}" any more. \`current\` is null.`
      : `The draft of "${name}" was changed by ${current.author} at ${current.updatedAt}: \`current\` is that draft. Merge your ` +
        `changes with it (POST /api/workflows/${name}/merge), then send them with its ETag.`;
  return new ApiProblem('draft.changed', detail, { current });
}

/** A request changes a draft without saying which. */
export async function draftUnmatched(ctx: Context, name: string, found: Found): Promise<ApiProblem> {
  return new ApiProblem(
    'draft.unmatched',
    `There is a draft of "${name}". Send its ETag as If-Match, so that nobody's changes are overwritten unseen; \`current\` is ` +
      'that draft. `If-Match: *` overwrites whatever is there.',
    { current: await viewDraft(ctx, name, found) },
  );
}
