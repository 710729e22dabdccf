import { and, asc, eq, gt, or, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { paymentApproval, paymentIntent } from '../../schema/index.ts';
import type { Keyring } from '../../secrets/keyring.ts';
import { seal, unseal } from '../../secrets/seal.ts';
import { currentDataKey, openDataKey } from '../data-keys.ts';

type Row = typeof paymentApproval.$inferSelect;

/** A plan of a payment. The hash names all of it that a person approves. */
export interface PlanKey {
  readonly id: string;
  readonly plan: string;
}

/** What is asked. */
export interface AskApproval extends PlanKey {
  readonly chain: string;
  readonly wallet: string;
  readonly shown: Json;
  readonly runId: string;
  readonly workflow: string;
  readonly step: string;
  /** Approvals that are older than this are asked for again. */
  readonly validMs: number;
}

/** What a person said about a plan, and how many milliseconds ago they were asked, and answered. */
export interface Approval {
  readonly state: 'asked' | 'approved' | 'declined';
  readonly by: string | null;
  readonly note: string | null;
  readonly askedMsAgo: number;
  readonly decidedMsAgo: number | null;
}

const approvalIs = (tx: Tenant, { id, plan }: PlanKey) =>
  and(eq(paymentApproval.workspaceId, tx.workspace), eq(paymentApproval.intentId, id), eq(paymentApproval.plan, plan));

/** Asks a person about a plan, unless somebody was asked about this one. */
export async function askApproval(tx: Tenant, { id, validMs, ...asked }: AskApproval): Promise<void> {
  const state = { state: 'asked' as const, askedAt: sql`now()` as unknown as string };
  const { workspaceId, intentId, plan, decidedAt } = paymentApproval;
  await tx.db
    .insert(paymentApproval)
    .values({ workspaceId: tx.workspace, intentId: id, ...asked, ...state })
    .onConflictDoUpdate({
      target: [workspaceId, intentId, plan],
      set: state,
      setWhere: sql`${paymentApproval.state} = 'approved' and ${decidedAt} < now() - ${validMs} * interval '1 millisecond'`,
    });
}

/**
 * What a person said about a plan; null if nobody was asked. It is sealed, so whoever can write rows but has no key can
 * approve nothing.
 *
 * @throws DataError `payment.unreadable` if the row was altered
 */
export async function readApproval(
  tx: Tenant,
  input: PlanKey & { readonly keyring: Keyring },
): Promise<Approval | null> {
  const msAgo = (at: unknown) => sql<string | null>`extract(epoch from now() - ${at}) * 1000`;
  const [found] = await tx.db
    .select({
      row: paymentApproval,
      askedMsAgo: msAgo(paymentApproval.askedAt),
      decidedMsAgo: msAgo(paymentApproval.decidedAt),
    })
    .from(paymentApproval)
    .where(approvalIs(tx, input));
  if (!found) return null;
  const { row, askedMsAgo, decidedMsAgo } = found;
  const { state, decidedBy: by, note } = row;
  if (state !== 'asked') await requireSealed(tx, row, input);
  const sinceDecided = decidedMsAgo === null ? null : Number(decidedMsAgo);
  return { state, by, note, askedMsAgo: Number(askedMsAgo), decidedMsAgo: sinceDecided };
}

/**
 * Notes what a person says about a plan of a payment of that wallet. Null if there is no such plan, or if it was decided.
 */
export async function decideApproval(
  tx: Tenant,
  input: PlanKey & {
    readonly wallet: string;
    readonly isApproved: boolean;
    readonly by: string;
    readonly note: string | null;
    readonly keyring: Keyring;
  },
): Promise<'approved' | 'declined' | null> {
  const [row] = await tx.db.select().from(paymentApproval).where(approvalIs(tx, input)).for('update');
  if (!row || row.wallet !== input.wallet) return null;
  // Whoever declined may think better of it; what was approved may have been paid.
  const isOpen = row.state === 'asked' || (row.state === 'declined' && input.isApproved);
  if (!isOpen) return null;
  const { by: decidedBy, note, isApproved, keyring } = input;
  const state = isApproved ? ('approved' as const) : ('declined' as const);
  const [{ now }] = (await tx.db.execute<{ now: string }>(sql`select now()::timestamptz(3) as now`)).rows as [
    { now: string },
  ];
  const decidedAt = new Date(now).toISOString();
  const key = await currentDataKey(tx, keyring);
  const sealed = seal(key.key, new Uint8Array(), sealedWith(tx, { ...row, state, decidedBy, note, decidedAt }));
  await tx.db
    .update(paymentApproval)
    .set({ state, decidedBy, note, decidedAt, dekVersion: key.version, ...sealed })
    .where(approvalIs(tx, input));
  return state;
}

/** A plan that waits for a person. */
export type AskedApproval = Pick<Row, 'intentId' | 'plan' | 'chain' | 'runId' | 'workflow' | 'step' | 'askedAt'> & {
  readonly shown: Json;
};

/** Plans of a wallet about which nobody has answered, the oldest first. What was paid or ended meanwhile is left out. */
export async function askedApprovals(
  tx: Tenant,
  input: {
    readonly address: string;
    readonly after?: { readonly askedAt: string; readonly plan: string } | undefined;
    readonly limit: number;
  },
): Promise<AskedApproval[]> {
  const { after } = input;
  const rows = await tx.db
    .select()
    .from(paymentApproval)
    .where(
      and(
        eq(paymentApproval.workspaceId, tx.workspace),
        eq(paymentApproval.wallet, input.address),
        eq(paymentApproval.state, 'asked'),
        sql`not exists (select from ${paymentIntent} where ${paymentIntent.workspaceId} = ${tx.workspace}
          and ${paymentIntent.id} = ${paymentApproval.intentId} and ${paymentIntent.state} = 'paid')`,
        after &&
          or(
            gt(paymentApproval.askedAt, after.askedAt),
            and(eq(paymentApproval.askedAt, after.askedAt), gt(paymentApproval.plan, after.plan)),
          ),
      ),
    )
    .orderBy(asc(paymentApproval.askedAt), asc(paymentApproval.plan))
    .limit(input.limit);
  return rows.map(({ intentId, plan, chain, runId, workflow, step, askedAt, shown }) => ({
    ...{ intentId, plan, chain, runId, workflow, step, askedAt },
    shown: shown as Json,
  }));
}

/** @throws DataError `payment.unreadable` */
async function requireSealed(tx: Tenant, row: Row, { keyring }: { readonly keyring: Keyring }): Promise<void> {
  const { nonce, ciphertext, dekVersion } = row;
  try {
    if (nonce === null || ciphertext === null || dekVersion === null) throw new Error('nothing is sealed');
    unseal(await openDataKey(tx, keyring, dekVersion), { nonce, ciphertext }, sealedWith(tx, row));
  } catch (cause) {
    throw new DataError(
      'payment.unreadable',
      'The approval of this payment was altered in the database, so it counts for nothing. Find out who writes there.',
      { cause },
    );
  }
}

/** Everything that says what was decided about what. */
const sealedWith = (tx: Tenant, row: Pick<Row, 'intentId' | 'plan' | 'state' | 'decidedBy' | 'note' | 'decidedAt'>) =>
  JSON.stringify([
    'blok approval v1',
    ...[tx.workspace, row.intentId, row.plan, row.state, row.decidedBy, row.note, row.decidedAt],
  ]);
