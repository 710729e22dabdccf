import { getDraft, lockWorkflow, putDraft, reviveWorkflow, type StoredDraft } from '../../db/index.ts';
import { graphHash, parseGraph } from '../../graph/index.ts';
import { MAX_DOCUMENT_BYTES } from '../../graph/limits.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { judge, type Preconditions } from '../http/preconditions.ts';
import { ApiProblem } from '../http/problem.ts';
import { archived } from '../start/published.ts';
import { draftEtag } from './etag.ts';
import { type DraftView, draftChanged, draftUnmatched, type Found, viewDraft } from './view.ts';

/** What is to become the draft of a workflow. */
export interface Saving extends Preconditions {
  readonly name: string;
  /** Makes the new text of the draft that is there. */
  readonly textOf: (current: StoredDraft | null) => string;
  /** The version it begins from; absent: as before, or for a new draft the published one. */
  readonly base?: number | null | undefined;
  /** To send the same again makes the same: if it is there already, there is no conflict. */
  readonly repeatable: boolean;
  readonly principal: Principal;
}

/**
 * Stores a draft, if what is there is what the caller expects.
 *
 * @throws ApiProblem `draft.changed`, `draft.unmatched`, `workflow.archived`, `body.tooLarge`, and what `textOf` throws
 */
export async function saveDraft(ctx: Context, input: Saving): Promise<{ created: boolean; draft: DraftView }> {
  const { name, principal } = input;
  const saved = await ctx
    .tenant(async (tx) => {
      const head = await lockWorkflow(tx, { name });
      if (head.archivedAt !== null) throw archived(name);
      const current = head.deletedAt === null ? await getDraft(tx, { name }) : null;
      const found: Found | null = current && { stored: current, head };
      const verdict = judge(input, current && draftEtag(current.text));
      if (verdict === 'failed' && !isRepeated(input, current)) throw new Refused('changed', found);
      if (verdict === 'absent' && current !== null) throw new Refused('unmatched', found);
      const text = input.textOf(current);
      requireSize(text);
      await reviveWorkflow(tx, head);
      const before = current === null ? head.version : current.base;
      const base = input.base === undefined ? before : input.base;
      const stored = await putDraft(tx, { name, text, hash: hashOf(text), base, author: principal.id });
      return { created: current === null, found: { stored, head } };
    })
    .catch((error: unknown) => asProblem(ctx, name, error));
  return { created: saved.created, draft: await viewDraft(ctx, name, saved.found) };
}

/** Whether the caller sends what is there: the answer to its first request may have been lost. */
const isRepeated = (input: Saving, current: StoredDraft | null): boolean =>
  input.repeatable && current !== null && input.ifNoneMatch === undefined && input.textOf(current) === current.text;

/** Thrown inside the transaction: the problem itself is made outside of it, because it shows the draft checked anew. */
class Refused extends Error {
  readonly why: 'changed' | 'unmatched';
  readonly found: Found | null;
  constructor(why: 'changed' | 'unmatched', found: Found | null) {
    super(why);
    this.why = why;
    this.found = found;
  }
}

async function asProblem(ctx: Context, name: string, error: unknown): Promise<never> {
  if (!(error instanceof Refused)) throw error;
  throw error.why === 'unmatched' && error.found !== null
    ? await draftUnmatched(ctx, name, error.found)
    : await draftChanged(ctx, name, error.found);
}

function requireSize(text: string): void {
  if (Buffer.byteLength(text) <= MAX_DOCUMENT_BYTES) return;
  throw new ApiProblem('body.tooLarge', `A draft holds at most ${MAX_DOCUMENT_BYTES} bytes of text.`);
}

/** Identity of the graph that a text is; null if it is none. */
function hashOf(text: string): string | null {
  const { graph } = parseGraph(text);
  return graph === null ? null : graphHash(graph);
}
