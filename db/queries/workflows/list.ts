import { and, asc, eq, gt, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { draft, workflow, workflowTag, workflowVersion, workflowWord } from '../../schema/index.ts';
import { ITS_PUBLISHED_VERSION } from '../published-version.ts';
import { soughtWords } from './word-list.ts';

/** Which workflows are listed. */
export interface WorkflowFilter {
  readonly limit?: number | undefined;
  /** The name after which the list goes on. */
  readonly after?: string | undefined;
  /** Those in this folder, or in a folder below it. */
  readonly folder?: string | undefined;
  readonly tag?: string | undefined;
  /** Words that its name, label, tags, folder or text has, or their beginnings: all of them. */
  readonly search?: string | undefined;
  /** Those that are archived, instead of those that are not. */
  readonly archived?: boolean | undefined;
}

/** A workflow as a list shows it. */
export interface ListedWorkflow {
  readonly name: string;
  readonly label: string | null;
  readonly version: number | null;
  readonly hash: string | null;
  readonly publishedAt: string | null;
  readonly folder: string;
  readonly tags: readonly string[];
  /** False: its triggers are switched off. */
  readonly active: boolean;
  readonly archivedAt: string | null;
  readonly updatedAt: string;
  readonly draft: { readonly updatedAt: string; readonly author: string; readonly differs: boolean } | null;
}

/** The last character there is: what begins with a prefix sorts before the prefix followed by it. */
const LAST = '\u{10ffff}';

/** Workflows by name. */
export async function listWorkflows(tx: Tenant, filter: WorkflowFilter = {}): Promise<ListedWorkflow[]> {
  return (await select(tx, conditions(tx, filter), filter.limit ?? 1000)).map(present);
}

/** One workflow, or null. */
export async function getWorkflowEntry(tx: Tenant, input: { name: string }): Promise<ListedWorkflow | null> {
  const [row] = await select(tx, [eq(workflow.name, input.name)], 1);
  return row ? present(row) : null;
}

/** The folders that hold workflows, and how many each holds itself. */
export async function listFolders(tx: Tenant): Promise<{ folder: string; count: number }[]> {
  return tx.db
    .select({ folder: workflow.folder, count: sql<number>`count(*)::int` })
    .from(workflow)
    .where(and(eq(workflow.workspaceId, tx.workspace), isNull(workflow.deletedAt), isNull(workflow.archivedAt)))
    .groupBy(workflow.folder)
    .orderBy(asc(workflow.folder));
}

/** The tags that workflows have, and how many have each. */
export async function listTags(tx: Tenant): Promise<{ tag: string; count: number }[]> {
  return tx.db
    .select({ tag: workflowTag.tag, count: sql<number>`count(*)::int` })
    .from(workflowTag)
    .innerJoin(
      workflow,
      and(eq(workflow.workspaceId, workflowTag.workspaceId), eq(workflow.name, workflowTag.workflow)),
    )
    .where(and(eq(workflowTag.workspaceId, tx.workspace), isNull(workflow.archivedAt)))
    .groupBy(workflowTag.tag)
    .orderBy(asc(workflowTag.tag));
}

function conditions(tx: Tenant, { after, folder, tag, search, archived = false }: WorkflowFilter): (SQL | undefined)[] {
  return [
    archived ? isNotNull(workflow.archivedAt) : isNull(workflow.archivedAt),
    after === undefined ? undefined : gt(workflow.name, after),
    folder === undefined ? undefined : inFolder(folder),
    tag === undefined
      ? undefined
      : sql`${workflow.name} in (select ${workflowTag.workflow} from ${workflowTag}
          where ${workflowTag.workspaceId} = ${tx.workspace} and ${workflowTag.tag} = ${tag})`,
    ...soughtWords(search ?? '').map(
      (word) => sql`${workflow.name} in (select ${workflowWord.workflow} from ${workflowWord}
        where ${workflowWord.workspaceId} = ${tx.workspace}
          and ${workflowWord.word} >= ${word} and ${workflowWord.word} < ${word + LAST})`,
    ),
  ];
}

/** '0' follows '/'. */
const inFolder = (folder: string): SQL =>
  folder === ''
    ? eq(workflow.folder, '')
    : sql`(${workflow.folder} = ${folder} or (${workflow.folder} > ${`${folder}/`} and ${workflow.folder} < ${`${folder}0`}))`;

function select(tx: Tenant, where: readonly (SQL | undefined)[], limit: number) {
  return tx.db
    .select({
      name: workflow.name,
      label: workflow.label,
      ownLabel: workflow.ownLabel,
      version: workflow.publishedVersion,
      hash: workflowVersion.hash,
      publishedAt: workflowVersion.publishedAt,
      folder: workflow.folder,
      tags: sql<string[]>`array(select t.tag from ${workflowTag} t
        where t.workspace_id = ${workflow.workspaceId} and t.workflow = ${workflow.name} order by t.tag collate "C")`,
      active: workflow.active,
      archivedAt: workflow.archivedAt,
      updatedAt: workflow.updatedAt,
      draftAt: draft.updatedAt,
      draftAuthor: draft.author,
      differs: sql<boolean>`${draft.hash} is distinct from ${workflowVersion.hash}`,
    })
    .from(workflow)
    .leftJoin(workflowVersion, ITS_PUBLISHED_VERSION)
    .leftJoin(draft, and(eq(draft.workspaceId, workflow.workspaceId), eq(draft.workflow, workflow.name)))
    .where(and(eq(workflow.workspaceId, tx.workspace), isNull(workflow.deletedAt), ...where))
    .orderBy(asc(workflow.name))
    .limit(limit);
}

function present(row: Awaited<ReturnType<typeof select>>[number]): ListedWorkflow {
  const { ownLabel, label, draftAt, draftAuthor, differs, ...rest } = row;
  return {
    ...rest,
    label: ownLabel ?? label,
    draft: draftAt === null || draftAuthor === null ? null : { updatedAt: draftAt, author: draftAuthor, differs },
  };
}
