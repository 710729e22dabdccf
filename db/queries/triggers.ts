import { and, asc, eq, isNotNull, isNull, lte, notExists, notInArray, or, sql } from 'drizzle-orm';
import type { Json } from '../../graph/json.ts';
import type { Tenant } from '../database.ts';
import { type CaptureTerms, trigger, workflow, workflowVersion } from '../schema/index.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { captureTerms } from './captures.ts';
import { noteChanges } from './changes/note.ts';
import { dueNow } from './due.ts';
import { ITS_PUBLISHED_VERSION } from './published-version.ts';
import { hashTriggerToken, newTriggerToken } from './trigger-token.ts';

/** A trigger of a published workflow, and what it is doing. */
export type TriggerRow = typeof trigger.$inferSelect & {
  /** False: the whole workflow is switched off, or archived. */
  readonly workflowActive: boolean;
};

/** A trigger that a version declares. */
export interface WantedTrigger {
  readonly id: string;
  readonly uses: string;
  /** It has an address of its own. */
  readonly addressed: boolean;
  /** What it listens to, if that is written without an expression. */
  readonly subject?: string | null;
}

/** Something about it changed: it is to be set up again, at once. */
const CHANGED = { dueAt: dueNow, attempts: 0, revision: sql`${trigger.revision} + 1` } as const;

/** A trigger that was off already, by itself or with its workflow, stays off since then. */
const OFF_SINCE = sql`coalesce(${trigger.offSince}, now())`;

/** How long one process has for setting up a trigger before another one may try. */
const LEASE = sql`interval '60 seconds'`;

/**
 * Notes that these are the triggers of a workflow from now on. Belongs into the transaction that publishes the version,
 * so that a firing finds either all of the old version or all of the new one. Addresses stay.
 */
export async function wantTriggers(
  tx: Tenant,
  input: { workflow: string; version: number; triggers: readonly WantedTrigger[]; keyring: Keyring },
): Promise<void> {
  const { version, triggers, keyring } = input;
  for (const { id, uses, addressed, subject = null } of triggers) {
    const token = addressed ? await newTriggerToken(tx, keyring, { workflow: input.workflow, id, rotation: 0 }) : {};
    await tx.db
      .insert(trigger)
      .values({
        workspaceId: tx.workspace,
        workflow: input.workflow,
        id,
        uses,
        version,
        subject,
        dueAt: dueNow,
        ...token,
      })
      .onConflictDoUpdate({
        target: [trigger.workspaceId, trigger.workflow, trigger.id],
        set: {
          ...{ uses, version, subject, gone: false, state: 'pending', reason: null, ...CHANGED },
          // An address that exists is kept, so that senders need not be told of each version.
          ...(addressed && {
            tokenHash: sql`coalesce(${trigger.tokenHash}, excluded.token_hash)`,
            tokenKey: sql`coalesce(${trigger.tokenKey}, excluded.token_key)`,
          }),
        },
      });
  }
  await dropTriggers(tx, { workflow: input.workflow, except: triggers.map(({ id }) => id) });
}

/** The triggers of one workflow, or of all, by name. Those that are gone are left out. */
export async function listTriggers(tx: Tenant, input: { workflow?: string } = {}): Promise<TriggerRow[]> {
  return select(
    tx,
    and(eq(trigger.gone, false), input.workflow === undefined ? undefined : eq(trigger.workflow, input.workflow)),
  );
}

/** One trigger, or null. */
export async function getTrigger(tx: Tenant, input: { workflow: string; id: string }): Promise<TriggerRow | null> {
  const [row] = await select(
    tx,
    and(eq(trigger.workflow, input.workflow), eq(trigger.id, input.id), eq(trigger.gone, false)),
  );
  return row ?? null;
}

/** A trigger whose address was called. */
export type AddressedRow = TriggerRow & {
  /** Its next call is held for building, on these terms. */
  readonly capture: CaptureTerms | null;
};

/** The trigger whose address holds this token, or null. */
export async function triggerByToken(tx: Tenant, input: { token: string }): Promise<AddressedRow | null> {
  return (await triggersByToken(tx, [input.token])).get(input.token) ?? null;
}

/** The triggers whose addresses hold these tokens, by token. */
export async function triggersByToken(
  tx: Tenant,
  tokens: readonly string[],
): Promise<ReadonlyMap<string, AddressedRow>> {
  const tokenOf = new Map(tokens.map((token) => [hashTriggerToken(token), token]));
  // One parameter for all of them, so that the text is the same for any number.
  const hashes = sql.param([...tokenOf.keys()]);
  const byToken = and(sql`${trigger.tokenHash} = any(${hashes}::text[])`, eq(trigger.gone, false));
  const rows = await tx.db
    .select({ ...COLUMNS, capture: captureTerms })
    .from(trigger)
    .innerJoin(workflow, OF_WORKFLOW)
    .where(and(eq(trigger.workspaceId, tx.workspace), byToken))
    .prepare('triggers by token')
    .execute();
  return new Map(rows.map((row) => [tokenOf.get(row.trigger.tokenHash!)!, { ...flat(row), capture: row.capture }]));
}

/** Triggers of one type that may fire. `subject`: those that listen to it, and those that an expression makes listen. */
export async function triggersOfType(tx: Tenant, input: { uses: string; subject?: string }): Promise<TriggerRow[]> {
  const on = and(
    ...[eq(trigger.enabled, true), eq(trigger.gone, false)],
    ...[eq(workflow.active, true), isNull(workflow.archivedAt)],
  );
  const listens =
    input.subject === undefined ? undefined : or(isNull(trigger.subject), eq(trigger.subject, input.subject));
  return select(tx, and(eq(trigger.uses, input.uses), listens, on));
}

/**
 * Takes the triggers that are due to be set up or taken down: nobody else gets them for a minute. After a crash they are
 * due again.
 */
export async function takeDueTriggers(tx: Tenant, input: { limit: number; workflow?: string }): Promise<TriggerRow[]> {
  const due = tx.db
    .select({ workflow: trigger.workflow, id: trigger.id })
    .from(trigger)
    .where(
      and(
        eq(trigger.workspaceId, tx.workspace),
        isNotNull(trigger.dueAt),
        lte(trigger.dueAt, sql`now()`),
        input.workflow === undefined ? undefined : eq(trigger.workflow, input.workflow),
      ),
    )
    .orderBy(asc(trigger.dueAt))
    .limit(input.limit)
    .for('update', { skipLocked: true });
  const taken = await tx.db
    .update(trigger)
    .set({ dueAt: sql`now() + ${LEASE}`, attempts: sql`${trigger.attempts} + 1` })
    .where(and(eq(trigger.workspaceId, tx.workspace), sql`(${trigger.workflow}, ${trigger.id}) in ${due}`))
    .returning({ workflow: trigger.workflow, id: trigger.id });
  const rows: TriggerRow[] = [];
  for (const { workflow: name, id } of taken) {
    rows.push(...(await select(tx, and(eq(trigger.workflow, name), eq(trigger.id, id)))));
  }
  return rows;
}

/** What came of setting up a trigger. `againInMs`: it is set up again then, because it failed or must be renewed. */
export type Settled =
  | { readonly state: 'active' | 'off'; readonly registration?: Json; readonly againInMs?: number }
  | { readonly state: 'failed'; readonly reason: string; readonly againInMs: number };

/**
 * Notes what came of setting up a trigger. If something else is wanted by now, the trigger is due again at once, because
 * what was just set up may have replaced it. A trigger that is gone and off is removed.
 */
export async function settleTrigger(
  tx: Tenant,
  input: { row: Pick<TriggerRow, 'workflow' | 'id' | 'revision' | 'gone'>; settled: Settled },
): Promise<void> {
  const { row, settled } = input;
  const own = and(ofWorkflow(tx, row.workflow), eq(trigger.id, row.id));
  const current = and(own, eq(trigger.revision, row.revision));
  const rows =
    row.gone && settled.state === 'off'
      ? await tx.db.delete(trigger).where(current).returning({ id: trigger.id })
      : await tx.db.update(trigger).set(changeBy(settled)).where(current).returning({ id: trigger.id });
  if (rows.length === 0) await tx.db.update(trigger).set({ dueAt: dueNow }).where(own);
}

const changeBy = (settled: Settled) => ({
  state: settled.state,
  reason: settled.state === 'failed' ? settled.reason : null,
  dueAt: settled.againInMs === undefined ? null : sql`now() + ${settled.againInMs} * interval '1 millisecond'`,
  ...(settled.state !== 'failed' && { attempts: 0 }),
  ...(settled.state === 'active' && { offSince: null }),
  ...(settled.state !== 'failed' && settled.registration !== undefined && { registration: settled.registration }),
});

/** Makes the triggers of a workflow, or all, due at once: what they were set up with may have changed. */
export async function renewTriggers(tx: Tenant, input: { workflow?: string | undefined } = {}): Promise<void> {
  const { workflow: name } = input;
  const those = name === undefined ? eq(trigger.workspaceId, tx.workspace) : ofWorkflow(tx, name);
  await tx.db.update(trigger).set({ dueAt: dueNow }).where(those);
}

/** Switches a trigger off or on. @returns false if there is no such trigger */
export async function switchTrigger(
  tx: Tenant,
  input: { workflow: string; id: string; enabled: boolean; note?: string | null },
): Promise<boolean> {
  const { enabled, note = null } = input;
  const changed = await tx.db
    .update(trigger)
    .set({ enabled, note: enabled ? null : note, ...(!enabled && { offSince: OFF_SINCE }), ...CHANGED })
    .where(and(ofWorkflow(tx, input.workflow), eq(trigger.id, input.id), eq(trigger.gone, false)))
    .returning({ id: trigger.id });
  if (changed.length === 0) return false;
  await noteChanges(tx, [{ kind: 'workflow.changed', workflow: input.workflow }]);
  return true;
}

/** Gives a trigger another address; the old one is no more. @returns false if it has none */
export async function rotateTrigger(
  tx: Tenant,
  input: { workflow: string; id: string; keyring: Keyring },
): Promise<boolean> {
  const own = and(ofWorkflow(tx, input.workflow), eq(trigger.id, input.id), isNotNull(trigger.tokenHash));
  // Locks the row: two rotations at once give two addresses, one after the other.
  const [row] = await tx.db
    .update(trigger)
    .set({ rotation: sql`${trigger.rotation} + 1` })
    .where(own)
    .returning({ rotation: trigger.rotation });
  if (!row) return false;
  await tx.db
    .update(trigger)
    .set(await newTriggerToken(tx, input.keyring, { ...input, rotation: row.rotation }))
    .where(own);
  return true;
}

/** Switches a workflow off or on, with all its triggers. @returns false if there is no such workflow */
export async function switchWorkflow(tx: Tenant, input: { workflow: string; active: boolean }): Promise<boolean> {
  const changed = await tx.db
    .update(workflow)
    .set({ active: input.active })
    .where(and(eq(workflow.workspaceId, tx.workspace), eq(workflow.name, input.workflow), isNull(workflow.deletedAt)))
    .returning({ name: workflow.name });
  if (changed.length === 0) return false;
  await touchTriggers(tx, { workflow: input.workflow, off: !input.active });
  await noteChanges(tx, [{ kind: 'workflow.changed', workflow: input.workflow }]);
  return true;
}

/** Notes that a workflow was switched off or on with all its triggers, so that they are set up accordingly. */
export async function touchTriggers(tx: Tenant, input: { workflow: string; off: boolean }): Promise<void> {
  const since = input.off ? { offSince: OFF_SINCE } : {};
  await tx.db
    .update(trigger)
    .set({ ...since, ...CHANGED })
    .where(ofWorkflow(tx, input.workflow));
}

/**
 * Notes that a workflow has no triggers any more, or none `except` these. Each row goes when what was set up for it is
 * taken down.
 */
export async function dropTriggers(
  tx: Tenant,
  { workflow: name, except = [] }: { workflow: string; except?: readonly string[] },
): Promise<void> {
  await tx.db
    .update(trigger)
    .set({ gone: true, state: 'pending', ...CHANGED })
    .where(and(ofWorkflow(tx, name), except.length > 0 ? notInArray(trigger.id, [...except]) : undefined));
}

/**
 * Published workflows whose graphs seem to declare triggers, and that have no rows: they were published by a version of
 * Blok that kept none. Their rows of `workflow` stay locked until the transaction ends, so that nobody publishes meanwhile.
 */
export async function withoutTriggers(tx: Tenant): Promise<{ name: string; version: number }[]> {
  const known = tx.db
    .select({ id: trigger.id })
    .from(trigger)
    .where(and(eq(trigger.workspaceId, tx.workspace), eq(trigger.workflow, workflow.name)));
  const rows = await tx.db
    .select({ name: workflow.name, version: workflowVersion.version })
    .from(workflow)
    .innerJoin(workflowVersion, ITS_PUBLISHED_VERSION)
    .where(
      and(
        eq(workflow.workspaceId, tx.workspace),
        sql`position('"triggers":' in ${workflowVersion.graph}) > 0`,
        notExists(known),
      ),
    )
    .for('update', { of: workflow });
  return rows;
}

const ofWorkflow = (tx: Tenant, name: string) => and(eq(trigger.workspaceId, tx.workspace), eq(trigger.workflow, name));

const COLUMNS = {
  trigger,
  workflowActive: sql<boolean>`${workflow.active} and ${workflow.archivedAt} is null`,
};
const OF_WORKFLOW = and(eq(workflow.workspaceId, trigger.workspaceId), eq(workflow.name, trigger.workflow));

async function select(tx: Tenant, where: ReturnType<typeof and>): Promise<TriggerRow[]> {
  const rows = await tx.db
    .select(COLUMNS)
    .from(trigger)
    .innerJoin(workflow, OF_WORKFLOW)
    .where(and(eq(trigger.workspaceId, tx.workspace), where))
    .orderBy(asc(trigger.workflow), asc(trigger.id));
  return rows.map(flat);
}

const flat = (row: { trigger: typeof trigger.$inferSelect; workflowActive: boolean }): TriggerRow => ({
  ...row.trigger,
  workflowActive: row.workflowActive,
});
