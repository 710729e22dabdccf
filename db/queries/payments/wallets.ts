import { and, eq, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { wallet } from '../../schema/index.ts';

/** A wallet by its address, whatever connections hold its key. */
export interface WalletKey {
  readonly address: string;
}

/** Whether a wallet may pay. */
export interface WalletSwitch {
  readonly stoppedAt: string | null;
  readonly stoppedBecause: string | null;
}

const walletIs = (tx: Tenant, { address }: WalletKey) =>
  and(eq(wallet.workspaceId, tx.workspace), eq(wallet.address, address));

/**
 * Locks a wallet until the transaction ends, so that whoever counts its money counts alone, and whoever stops it stops all
 * that comes later.
 */
export async function lockWallet(tx: Tenant, { address }: WalletKey): Promise<WalletSwitch> {
  await tx.db.insert(wallet).values({ workspaceId: tx.workspace, address }).onConflictDoNothing();
  const [row] = await tx.db.select().from(wallet).where(walletIs(tx, { address })).for('update');
  return row!;
}

/** @throws DataError `payment.stopped` */
export function refuseStopped({ stoppedAt, stoppedBecause }: WalletSwitch): void {
  if (stoppedAt === null) return;
  const why = stoppedBecause === null ? '' : `: ${stoppedBecause}`;
  throw new DataError(
    'payment.stopped',
    `The wallet was stopped at ${stoppedAt}${why}. Nothing is paid until somebody starts it again.`,
  );
}

/** Whether a wallet is stopped. */
export async function walletSwitch(tx: Tenant, key: WalletKey): Promise<WalletSwitch> {
  const [row] = await tx.db.select().from(wallet).where(walletIs(tx, key));
  return { stoppedAt: row?.stoppedAt ?? null, stoppedBecause: row?.stoppedBecause ?? null };
}

/**
 * Stops a wallet, or starts it again. Once this has returned, nobody begins to sign, and nothing is sent for the first time;
 * `isSigning` tells whether somebody who began before may still be at it.
 */
export async function stopWallet(
  tx: Tenant,
  input: WalletKey & { readonly stopped: boolean; readonly because: string | null },
): Promise<void> {
  const { address, stopped, because } = input;
  await lockWallet(tx, { address });
  await tx.db
    .update(wallet)
    .set({ stoppedAt: stopped ? sql`now()` : null, stoppedBecause: stopped ? because : null })
    .where(walletIs(tx, { address }));
}
