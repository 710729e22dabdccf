import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { paymentAttempt, paymentIntent } from '../../schema/index.ts';
import { type AttemptRow, attemptIs, attemptsOf, intentIs, lockIntent } from './rows.ts';
import { lockWallet, refuseStopped, type WalletSwitch } from './wallets.ts';

/** A transaction that was signed just now. */
export type NewAttempt = Omit<AttemptRow, 'state' | 'proof'>;

/** Attempts that can never land. */
const DEAD: readonly string[] = ['expired', 'failed', 'discarded'];

/**
 * Keeps signed bytes before anybody else sees them: if the payment is open, every other attempt is dead, and nobody else
 * was first. Otherwise nothing is kept, and whoever signed reads what counts. Bytes that were discarded may come again, with the
 * same blockhash and so with the same signature: nobody has seen them.
 *
 * @throws DataError `payment.stopped`
 */
export async function keepAttempt(
  tx: Tenant,
  { id, attempt }: { readonly id: string; readonly attempt: NewAttempt },
): Promise<void> {
  const wallet = await lockWalletOf(tx, id);
  if (wallet) refuseStopped(wallet);
  const intent = await lockIntent(tx, id);
  if (intent?.state !== 'open') return;
  const others = await attemptsOf(tx, id);
  if (others.some(({ state }) => !DEAD.includes(state))) return;
  const known = others.find(({ signature }) => signature === attempt.signature);
  if (known) return known.state === 'discarded' ? revive(tx, id, known.no) : undefined;
  await tx.db
    .insert(paymentAttempt)
    .values({
      workspaceId: tx.workspace,
      intentId: id,
      ...attempt,
      state: 'signed',
      signedAt: sql`now()` as unknown as string,
    })
    .onConflictDoNothing();
}

async function revive(tx: Tenant, id: string, no: number): Promise<void> {
  await tx.db
    .update(paymentAttempt)
    .set({ state: 'signed', endedAt: null })
    .where(attemptIs(tx, id, no));
}

/**
 * Notes that the bytes of an attempt are about to leave; from then on the payment is only over when it is proven. False if
 * they may not leave.
 *
 * @throws DataError `payment.stopped` if the wallet was stopped before the bytes were sent for the first time
 */
export async function markSending(
  tx: Tenant,
  { id, no }: { readonly id: string; readonly no: number },
): Promise<boolean> {
  const wallet = await lockWalletOf(tx, id);
  const intent = await lockIntent(tx, id);
  const attempt = (await attemptsOf(tx, id)).find((one) => one.no === no);
  if (wallet === null || intent?.state !== 'open' || !attempt || !LIVE.includes(attempt.state)) return false;
  if (attempt.state === 'sent') return wallet.stoppedAt === null;
  refuseStopped(wallet);
  await tx.db
    .update(paymentAttempt)
    .set({ state: 'sent', sentAt: sql`now()` })
    .where(attemptIs(tx, id, no));
  return true;
}

const LIVE: readonly string[] = ['signed', 'sent'];

/** Ends an attempt, with what proves it. One that has ended stays as it is. */
export async function endAttempt(
  tx: Tenant,
  input: {
    readonly id: string;
    readonly no: number;
    readonly state: 'expired' | 'failed' | 'landed';
    readonly proof: Json;
  },
): Promise<void> {
  const { id, no, state, proof } = input;
  await lockIntent(tx, id);
  // An attempt that was taken for dead and landed all the same has landed: the ledger says what is true.
  const from = state === 'landed' ? ['signed', 'sent', 'expired', 'failed'] : ['signed', 'sent'];
  await tx.db
    .update(paymentAttempt)
    .set({ state, proof, endedAt: sql`now()` })
    .where(and(attemptIs(tx, id, no), inArray(paymentAttempt.state, from as AttemptRow['state'][])));
}

/** Discards the attempts of a payment that were never sent. */
export async function discardUnsent(tx: Tenant, id: string): Promise<void> {
  await tx.db
    .update(paymentAttempt)
    .set({ state: 'discarded', endedAt: sql`now()` })
    .where(
      and(
        eq(paymentAttempt.workspaceId, tx.workspace),
        eq(paymentAttempt.intentId, id),
        eq(paymentAttempt.state, 'signed'),
      ),
    );
}

/** The wallet is locked before the payment, as everywhere, so that nobody waits in a circle. */
async function lockWalletOf(tx: Tenant, id: string): Promise<WalletSwitch | null> {
  const [found] = await tx.db.select({ address: paymentIntent.wallet }).from(paymentIntent).where(intentIs(tx, id));
  return found ? lockWallet(tx, found) : null;
}
