import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Tenant } from '../database.ts';
import { variable } from '../schema/index.ts';

/** Sets a variable of the workspace, or of one workflow. */
export async function setVariable(
  tx: Tenant,
  input: { workflow?: string; name: string; value: Json },
): Promise<{ name: string; value: Json; updatedAt: string }> {
  const [row] = await tx.db
    .insert(variable)
    .values({ workspaceId: tx.workspace, workflow: input.workflow ?? '', name: input.name, value: input.value })
    .onConflictDoUpdate({
      target: [variable.workspaceId, variable.workflow, variable.name],
      set: { value: input.value, updatedAt: sql`now()` },
    })
    .returning({ updatedAt: variable.updatedAt });
  return { name: input.name, value: input.value, updatedAt: row!.updatedAt };
}

/**
 * The values a run starts with: defaults of the graph < workspace < workflow < given. Only names that the graph
 * declares.
 */
export async function resolveVariables(
  tx: Tenant,
  input: { workflow: string; defaults: JsonObject; given?: JsonObject | undefined },
): Promise<JsonObject> {
  const names = Object.keys(input.defaults);
  if (names.length === 0) return {};
  const rows = await tx.db
    .select({ name: variable.name, value: variable.value })
    .from(variable)
    .where(
      and(
        eq(variable.workspaceId, tx.workspace),
        inArray(variable.workflow, ['', input.workflow]),
        sql`${variable.name} = any(${sql.param(names)}::text[])`,
      ),
    )
    // '' sorts first, so a workflow's value comes after the workspace's and replaces it.
    .orderBy(asc(variable.workflow));
  const values = new Map<string, Json>(Object.entries(input.defaults));
  for (const row of rows) values.set(row.name, row.value);
  for (const name of names) if (input.given && Object.hasOwn(input.given, name)) values.set(name, input.given[name]!);
  return Object.fromEntries(values);
}

/** Removes a variable of the workspace, or of one workflow. @returns false if there is none */
export async function deleteVariable(tx: Tenant, input: { workflow?: string; name: string }): Promise<boolean> {
  const rows = await tx.db
    .delete(variable)
    .where(
      and(
        eq(variable.workspaceId, tx.workspace),
        eq(variable.workflow, input.workflow ?? ''),
        eq(variable.name, input.name),
      ),
    )
    .returning({ name: variable.name });
  return rows.length > 0;
}

/** Variables of the workspace, or of one workflow, by name. */
export async function listVariables(
  tx: Tenant,
  input: { workflow?: string },
): Promise<{ name: string; value: Json; updatedAt: string }[]> {
  return tx.db
    .select({ name: variable.name, value: variable.value, updatedAt: variable.updatedAt })
    .from(variable)
    .where(and(eq(variable.workspaceId, tx.workspace), eq(variable.workflow, input.workflow ?? '')))
    .orderBy(asc(variable.name));
}
