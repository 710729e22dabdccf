import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Graph } from '../../../graph/document/types.ts';
import type { Tenant } from '../../database.ts';
import { workflow, workflowVersion } from '../../schema/index.ts';
import { ITS_PUBLISHED_VERSION } from '../published-version.ts';

/** A published workflow whose graph names a connection. */
export interface ConnectionUser {
  readonly workflow: string;
  readonly version: number;
  readonly graph: Graph;
}

/** The next published workflows that name a connection, by name of the workflow. */
export async function usersOfConnection(
  tx: Tenant,
  input: { connection: string; after: string; limit: number },
): Promise<ConnectionUser[]> {
  // The stored text has no blanks. What is found here is looked through afterwards.
  const named = JSON.stringify({ connection: input.connection }).slice(1, -1);
  return tx.db
    .select({ workflow: workflow.name, version: workflowVersion.version, graph: workflowVersion.graph })
    .from(workflow)
    .innerJoin(workflowVersion, ITS_PUBLISHED_VERSION)
    .where(
      and(
        eq(workflow.workspaceId, tx.workspace),
        gt(workflow.name, input.after),
        sql`position(${named} in ${workflowVersion.graph}) > 0`,
      ),
    )
    .orderBy(asc(workflow.name))
    .limit(input.limit);
}
