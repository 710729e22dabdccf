import {
  type Filing,
  fileWorkflow,
  findWorkflow,
  getDraft,
  lockWorkflow,
  putDraft,
  reviveWorkflow,
  type StoredDraft,
  type Tenant,
  type WorkflowHead,
} from '../../db/index.ts';
import { graphHash, parseGraph } from '../../graph/index.ts';
import { MAX_DOCUMENT_BYTES } from '../../graph/limits.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { judge, type Preconditions } from '../http/preconditions.ts';
import { ApiProblem } from '../http/problem.ts';
import { archived } from '../start/published.ts';
import { draftEtag } from './etag.ts';
import { type DraftView, draftChanged, draftUnmatched, type Found, viewDraft } from './view.ts';

/** What is there before a draft is saved. */
export interface Before {
  readonly current: StoredDraft | null;
  readonly head: WorkflowHead | null;
}

/** What is to become the draft of a workflow. */
export interface Saving extends Preconditions {
  readonly name: string;
  /** Makes the new text of the draft from what is there. It is called again if that changes meanwhile. */
  readonly textOf: (before: Before) => string | Promise<string>;
  /** The version it begins from; absent: as before, or for a new draft the published one. */
  readonly base?: number | null | undefined;
  /** To send the same again makes the same: if it is there already, there is no conflict. */
  readonly repeatable: boolean;
  readonly principal: Principal;
  /** How the workflow is filed, in the same transaction. Absent: as before. */
  readonly filing?: Filing;
}

/** How often somebody else may be quicker. */
const ATTEMPTS = 10;

/**
 * Stores a draft, if what is there is what the caller expects. The text is made outside of the transaction, because that
 * may take a while, and only stored onto what it was made from.
 *
 * @throws ApiProblem `draft.changed`, `draft.unmatched`, `workflow.archived`, `body.tooLarge`, and what `textOf` throws
 */
export async function saveDraft(ctx: Context, input: Saving): Promise<{ created: boolean; draft: DraftView }> {
  const { name } = input;
  for (let attempt = 1; ; attempt++) {
    const before = await ctx.tenant((tx) => look(tx, name));
    await requireExpected(ctx, input, before);
    const text = await input.textOf(before);
    requireSize(text);
    const stored = await ctx.tenant((tx) => storeOnto(tx, input, before, text));
    if (stored !== null) return { created: before.current === null, draft: await viewDraft(ctx, name, stored) };
    if (attempt === ATTEMPTS) throw await draftChanged(ctx, name, foundOf(await ctx.tenant((tx) => look(tx, name))));
  }
}

async function look(tx: Tenant, name: string): Promise<Before> {
  const head = await findWorkflow(tx, { name });
  return { head, current: head === null ? null : await getDraft(tx, { name }) };
}

const foundOf = ({ current, head }: Before): Found | null => current && head && { stored: current, head };

async function requireExpected(ctx: Context, input: Saving, before: Before): Promise<void> {
  const { name } = input;
  const found = foundOf(before);
  if (before.head !== null && before.head.archivedAt !== null) throw archived(name);
  const verdict = judge(input, found && draftEtag(found.stored.text));
  if (verdict === 'failed' && !(await isRepeated(input, before))) throw await draftChanged(ctx, name, found);
  if (verdict === 'absent' && found !== null) throw await draftUnmatched(ctx, name, found);
}

/** @returns null if what is there is not any more what the text was made from */
async function storeOnto(
  tx: Tenant,
  input: Pick<Saving, 'name' | 'base' | 'principal' | 'filing'>,
  before: Before,
  text: string,
): Promise<Found | null> {
  const { name, principal } = input;
  const head = await lockWorkflow(tx, { name });
  const current = head.deletedAt === null ? await getDraft(tx, { name }) : null;
  const isSame =
    (head.deletedAt === null) === (before.head !== null) &&
    (before.head === null || (head.version === before.head.version && head.archivedAt === before.head.archivedAt)) &&
    current?.text === before.current?.text;
  if (!isSame) return null;
  await reviveWorkflow(tx, head);
  const usual = current === null ? head.version : current.base;
  const base = input.base === undefined ? usual : input.base;
  const stored = await putDraft(tx, { name, text, hash: hashOf(text), base, author: principal.id });
  if (input.filing) await fileWorkflow(tx, { name, ...input.filing });
  return { stored, head };
}

/** Whether the caller sends what is there: the answer to its first request may have been lost. */
const isRepeated = async (input: Saving, before: Before): Promise<boolean> =>
  input.repeatable &&
  before.current !== null &&
  input.ifNoneMatch === undefined &&
  (await input.textOf(before)) === before.current.text;

/** @throws ApiProblem `body.tooLarge` */
export function requireSize(text: string): void {
  if (Buffer.byteLength(text) <= MAX_DOCUMENT_BYTES) return;
  throw new ApiProblem('body.tooLarge', `A draft holds at most ${MAX_DOCUMENT_BYTES} bytes of text.`);
}

/** Identity of the graph that a text is; null if it is none. */
function hashOf(text: string): string | null {
  const { graph } = parseGraph(text);
  return graph === null ? null : graphHash(graph);
}
