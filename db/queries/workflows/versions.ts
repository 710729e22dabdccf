import { and, desc, eq, gte, isNull, lt, sql } from 'drizzle-orm';
import type { Graph } from '../../../graph/document/types.ts';
import type { Plan } from '../../../graph/plan/types.ts';
import type { Tenant } from '../../database.ts';
import { workflow, workflowVersion } from '../../schema/index.ts';
import { noteChanges } from '../changes/note.ts';
import { ITS_VERSIONS } from '../published-version.ts';
import { lockWorkflow, named, reviveWorkflow, type WorkflowHead } from './head.ts';
import { indexWords } from './words.ts';

/** A published version, whole. */
export interface PublishedVersion {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly publishedAt: string;
  readonly graph: Graph;
  readonly plan: Plan;
}

/** A version as a list shows it. */
export interface VersionSummary {
  readonly version: number;
  readonly hash: string;
  readonly publishedAt: string;
  readonly message: string | null;
  readonly author: string | null;
}

/** What is published. */
export interface Publishing {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly hash: string;
  /** The text of the graph, comments included. */
  readonly text?: string | null;
  readonly message?: string | null;
  readonly author?: string | null;
  /** Called while the workflow is locked; what it throws ends the transaction. */
  readonly check?: (head: WorkflowHead) => void;
}

/**
 * Publishes a graph: as a new immutable version, unless the published version has the same hash. Then only its text is
 * kept, because comments and layout are no part of the hash. Concurrent publications of one workflow wait for each other.
 */
export async function publishWorkflow(
  tx: Tenant,
  input: Publishing,
): Promise<{ name: string; version: number; hash: string; publishedAt: string; created: boolean }> {
  const { graph, plan, hash, text = null, message = null, author = null } = input;
  const name = graph.name;
  const head = await lockWorkflow(tx, { name });
  input.check?.(head);
  await reviveWorkflow(tx, head);
  if (head.version !== null && head.hash === hash) {
    if (text !== null) await keepText(tx, { name, version: head.version, text });
    return { name, version: head.version, hash, publishedAt: head.publishedAt!, created: false };
  }
  const last = sql<number>`coalesce(max(${workflowVersion.version}), 0)::int`;
  const [newest] = await tx.db.select({ last }).from(workflowVersion).where(ofWorkflow(tx, name));
  const version = (newest?.last ?? 0) + 1;
  const language = graph.blok;
  const [made] = await tx.db
    .insert(workflowVersion)
    .values({ workspaceId: tx.workspace, workflow: name, version, graph, plan, hash, language, text, message, author })
    .returning({ publishedAt: workflowVersion.publishedAt });
  await tx.db
    .update(workflow)
    .set({ publishedVersion: version, label: graph.label ?? null, text: null, updatedAt: sql`now()` })
    .where(named(tx, name));
  await indexWords(tx, { name });
  await noteChanges(tx, [{ kind: 'workflow.published', workflow: name, detail: { version } }]);
  return { name, version, hash, publishedAt: made!.publishedAt, created: true };
}

/** Keeps the newest text of the published version. */
async function keepText(tx: Tenant, input: { name: string; version: number; text: string }): Promise<void> {
  const known = await textOf(tx, input);
  if (known === input.text) return;
  await tx.db.update(workflow).set({ text: input.text, updatedAt: sql`now()` }).where(named(tx, input.name));
  await indexWords(tx, input);
  await noteChanges(tx, [{ kind: 'workflow.changed', workflow: input.name }]);
}

/** A version of a workflow (default: the published one), or null. */
export async function getVersion(
  tx: Tenant,
  input: { name: string; version?: number },
): Promise<PublishedVersion | null> {
  const [row] = await tx.db
    .select({ name: workflowVersion.workflow, ...FACTS, graph: workflowVersion.graph, plan: workflowVersion.plan })
    .from(workflow)
    .innerJoin(workflowVersion, versionOf(input.version))
    .where(and(named(tx, input.name), isNull(workflow.deletedAt)));
  return row ?? null;
}

/** A version of a workflow (default: the published one) without its graph and plan, or null. */
export async function findVersion(
  tx: Tenant,
  input: { name: string; version?: number },
): Promise<{ version: number; hash: string; publishedAt: string; archivedAt: string | null } | null> {
  const [row] = await tx.db
    .select({ ...FACTS, archivedAt: workflow.archivedAt })
    .from(workflow)
    .innerJoin(workflowVersion, versionOf(input.version))
    .where(and(named(tx, input.name), isNull(workflow.deletedAt)));
  return row ?? null;
}

/**
 * The text of a version (default: the published one) and who published it why; null if there is no such version. Of the
 * published version it is the newest text that says the same. `text` is null if none was kept.
 */
export async function describeVersion(
  tx: Tenant,
  input: { name: string; version?: number },
): Promise<(VersionSummary & { text: string | null }) | null> {
  const isPublished = eq(workflowVersion.version, workflow.publishedVersion);
  const [row] = await tx.db
    .select({ ...SUMMARY, text: workflowVersion.text, newer: workflow.text, isPublished: sql<boolean>`${isPublished}` })
    .from(workflow)
    .innerJoin(workflowVersion, versionOf(input.version))
    .where(and(named(tx, input.name), isNull(workflow.deletedAt)));
  if (row === undefined) return null;
  const { newer, isPublished: isNewest, ...summary } = row;
  return { ...summary, text: (isNewest ? newer : null) ?? summary.text };
}

async function textOf(tx: Tenant, input: { name: string; version: number }): Promise<string | null> {
  return (await describeVersion(tx, input))?.text ?? null;
}

/** Versions of a workflow, newest first, at most `limit`, older than `before`. */
export async function listVersions(
  tx: Tenant,
  input: { name: string; limit: number; before?: number | undefined },
): Promise<VersionSummary[]> {
  const older = input.before === undefined ? undefined : lt(workflowVersion.version, input.before);
  return tx.db
    .select(SUMMARY)
    .from(workflow)
    .innerJoin(workflowVersion, and(ITS_VERSIONS, gte(workflowVersion.version, workflow.firstVersion)))
    .where(and(named(tx, input.name), isNull(workflow.deletedAt), older))
    .orderBy(desc(workflowVersion.version))
    .limit(input.limit);
}

const FACTS = {
  version: workflowVersion.version,
  hash: workflowVersion.hash,
  publishedAt: workflowVersion.publishedAt,
} as const;

const SUMMARY = { ...FACTS, message: workflowVersion.message, author: workflowVersion.author } as const;

const ofWorkflow = (tx: Tenant, name: string) =>
  and(eq(workflowVersion.workspaceId, tx.workspace), eq(workflowVersion.workflow, name));

const versionOf = (version: number | undefined) =>
  and(
    ITS_VERSIONS,
    eq(workflowVersion.version, version ?? workflow.publishedVersion),
    gte(workflowVersion.version, workflow.firstVersion),
  );
