import { getDraft, rebaseDraft } from '../../db/index.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { judge, type Preconditions } from '../http/preconditions.ts';
import type { Reply } from '../http/route.ts';
import { publishGraph } from '../publishing/publish-graph.ts';
import { draftEtag } from './etag.ts';
import { draftChanged, findDraft, requireDraft } from './view.ts';

/** What a draft is published with. */
export interface DraftPublication extends Preconditions {
  readonly name: string;
  readonly message?: string | undefined;
  /** The version that must be published until then; absent: any. */
  readonly onto?: number | null | undefined;
  readonly strict?: boolean | undefined;
  /** Graph tests that must pass. */
  readonly tests?: string | undefined;
  readonly principal: Principal;
}

/**
 * Publishes the draft of a workflow: 201 with a new version, 200 if the published version says the same. The draft stays,
 * based on what is published now.
 *
 * @throws ApiProblem `draft.notFound`, `draft.changed`, `version.changed`, `graph.invalid`, `workflow.archived`
 */
export async function publishDraft(ctx: Context, input: DraftPublication): Promise<Reply> {
  const { name } = input;
  const found = await requireDraft(ctx, name);
  const { text } = found.stored;
  const etag = draftEtag(text);
  if (judge(input, etag) === 'failed') throw await draftChanged(ctx, name, found);
  const published = await publishGraph(ctx, {
    ...{
      name,
      graph: text,
      strict: input.strict,
      message: input.message,
      tests: input.tests,
      author: input.principal.id,
      onto: input.onto,
    },
    // What was checked must be what is published: somebody may have changed the draft, or deleted the workflow, meanwhile.
    inside: async (tx, { version }) => {
      const now = await getDraft(tx, { name });
      if (now === null || draftEtag(now.text) !== etag) throw new Overtaken();
      await rebaseDraft(tx, { name, base: version });
    },
  }).catch(async (error: unknown) => {
    throw error instanceof Overtaken ? await draftChanged(ctx, name, await findDraft(ctx, name)) : error;
  });
  return { ...published, headers: { ...published.headers, etag } };
}

class Overtaken extends Error {}
