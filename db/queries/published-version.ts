import { and, eq } from 'drizzle-orm';
import { workflow, workflowVersion } from '../schema/index.ts';

/** Joins a workflow with its versions. */
export const ITS_VERSIONS = and(
  eq(workflowVersion.workspaceId, workflow.workspaceId),
  eq(workflowVersion.workflow, workflow.name),
);

/** Joins a workflow with its published version. */
export const ITS_PUBLISHED_VERSION = and(ITS_VERSIONS, eq(workflowVersion.version, workflow.publishedVersion));
