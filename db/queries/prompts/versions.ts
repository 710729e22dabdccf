import { createHash } from 'node:crypto';
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm';
import { canonicalJson } from '../../../graph/document/canonical.ts';
import type { PromptDocument } from '../../../graph/prompts/types.ts';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { prompt, promptVersion } from '../../schema/index.ts';

/** A version of a prompt, as a list shows it. */
export interface PromptVersionSummary {
  readonly version: number;
  readonly hash: string;
  readonly message: string | null;
  readonly author: string;
  readonly createdAt: string;
}

/** A version of a prompt, whole. */
export interface PromptVersion extends PromptVersionSummary {
  readonly name: string;
  readonly document: PromptDocument;
}

const SUMMARY = {
  version: promptVersion.version,
  hash: promptVersion.hash,
  message: promptVersion.message,
  author: promptVersion.author,
  createdAt: promptVersion.createdAt,
};

/**
 * Writes a prompt: as a new version, unless the newest says the same. Versions never change.
 *
 * @throws DataError `prompt.changed` if the newest version is not the one that is expected (0: there is none)
 */
export async function writePrompt(
  tx: Tenant,
  input: {
    name: string;
    document: PromptDocument;
    message?: string | undefined;
    author: string;
    onto?: number | undefined;
  },
): Promise<PromptVersion & { readonly created: boolean }> {
  const { name, document, message = null, author, onto } = input;
  const version = 0;
  await tx.db.insert(prompt).values({ workspaceId: tx.workspace, name, version }).onConflictDoNothing();
  const [head] = await tx.db.select().from(prompt).where(isPrompt(tx, name)).for('update');
  const newest = head!.version;
  if (onto !== undefined && onto !== newest)
    throw new DataError('prompt.changed', `The newest version of the prompt "${name}" is ${newest}, not ${onto}.`);
  const hash = createHash('sha256').update(canonicalJson(document)).digest('hex');
  const known = newest === 0 ? null : await getPrompt(tx, { name, version: newest });
  if (known?.hash === hash) return { ...known, created: false };
  const row = { workspaceId: tx.workspace, name, version: newest + 1, document, hash, message, author };
  const [made] = await tx.db.insert(promptVersion).values(row).returning(SUMMARY);
  await tx.db
    .update(prompt)
    .set({ version: newest + 1, updatedAt: sql`now()` })
    .where(isPrompt(tx, name));
  return { ...made!, name, document, created: true };
}

/** A version of a prompt (default: the newest), or null. */
export async function getPrompt(
  tx: Tenant,
  { name, version }: { name: string; version?: number | undefined },
): Promise<PromptVersion | null> {
  const [row] = await tx.db
    .select({ ...SUMMARY, name: promptVersion.name, document: promptVersion.document })
    .from(promptVersion)
    .where(and(ofPrompt(tx, name), version === undefined ? undefined : eq(promptVersion.version, version)))
    .orderBy(desc(promptVersion.version))
    .limit(1);
  return row ?? null;
}

/** The versions of a prompt, the newest first. */
export async function listPromptVersions(
  tx: Tenant,
  input: { name: string; limit: number; before?: number | undefined },
): Promise<PromptVersionSummary[]> {
  const { name, limit, before } = input;
  return tx.db
    .select(SUMMARY)
    .from(promptVersion)
    .where(and(ofPrompt(tx, name), before === undefined ? undefined : lt(promptVersion.version, before)))
    .orderBy(desc(promptVersion.version))
    .limit(limit);
}

/** The prompts of the workspace, by name. */
export async function listPrompts(
  tx: Tenant,
  input: { limit: number; after?: string | undefined },
): Promise<{ name: string; version: number; updatedAt: string }[]> {
  const { limit, after } = input;
  return tx.db
    .select({ name: prompt.name, version: prompt.version, updatedAt: prompt.updatedAt })
    .from(prompt)
    .where(
      and(
        eq(prompt.workspaceId, tx.workspace),
        gt(prompt.version, 0),
        after === undefined ? undefined : gt(prompt.name, after),
      ),
    )
    .orderBy(asc(prompt.name))
    .limit(limit);
}

/** Most prompts of a workspace. A graph is checked against all of them. */
export const MOST_PROMPTS = 10_000;

/** The newest version of each prompt, by name. */
export async function newestPrompts(tx: Tenant): Promise<ReadonlyMap<string, number>> {
  const rows = await listPrompts(tx, { limit: MOST_PROMPTS });
  return new Map(rows.map(({ name, version }) => [name, version]));
}

const isPrompt = (tx: Tenant, name: string) => and(eq(prompt.workspaceId, tx.workspace), eq(prompt.name, name));
const ofPrompt = (tx: Tenant, name: string) =>
  and(eq(promptVersion.workspaceId, tx.workspace), eq(promptVersion.name, name));
