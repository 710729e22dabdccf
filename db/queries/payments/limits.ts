import { and, eq, gt, or, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { paymentReservation } from '../../schema/index.ts';
import type { PaymentTerms, Share } from './rows.ts';

/** The most that may be taken of an asset: in 24 hours, in a run, or in 24 hours to one recipient. */
export interface LimitInput {
  readonly asset: string;
  readonly within: 'day' | 'run' | 'recipient';
  readonly most: bigint;
}

/** An amount that another payment of the wallet would take before. */
export interface Claim {
  readonly recipient: string;
  readonly asset: string;
  readonly amount: bigint;
}

const WITHIN: Readonly<Record<LimitInput['within'], string>> = {
  day: 'in 24 hours',
  run: 'in one run',
  recipient: 'to one recipient in 24 hours',
};

/** @throws DataError `payment.limit` if what is held and spent, what is claimed, and what is asked for, are together above a limit */
export async function refuseAbove(
  tx: Tenant,
  input: {
    readonly terms: PaymentTerms;
    readonly runId: string;
    readonly reserve: readonly Share[];
    readonly limit: LimitInput;
    readonly claims?: readonly Claim[];
  },
): Promise<void> {
  const { terms, runId, reserve, limit, claims = [] } = input;
  const asked = reserve.find(({ asset }) => asset === limit.asset)?.amount ?? 0n;
  const taken = await sum(tx, { chain: terms.chain, address: terms.wallet, asset: limit.asset }, scopeOf());
  const claimed = claims.filter(isMeant).reduce((total, { amount }) => total + amount, 0n);
  if (taken + claimed + asked <= limit.most) return;
  const before = claimed === 0n ? '' : `, and ${claimed} would be taken before`;
  throw new DataError(
    'payment.limit',
    `${limit.asset}: ${asked} would be above the limit ${WITHIN[limit.within]}, ${limit.most}: ${taken} are spent or held${before}. ` +
      'All in base units.',
  );

  function isMeant({ asset, recipient }: Claim): boolean {
    return asset === limit.asset && (limit.within !== 'recipient' || recipient === terms.recipient);
  }

  function scopeOf(): SQL | undefined {
    if (limit.within === 'run') return eq(paymentReservation.runId, runId);
    return and(LATELY, limit.within === 'recipient' ? eq(paymentReservation.recipient, terms.recipient) : undefined);
  }
}

/** Held amounts count for as long as they are held, spent ones for 24 hours. */
const LATELY = or(
  eq(paymentReservation.state, 'held'),
  gt(paymentReservation.changedAt, sql`now() - interval '24 hours'`),
);

/** What a wallet holds or has spent of an asset. */
async function sum(
  tx: Tenant,
  { chain, address, asset }: { readonly chain: string; readonly address: string; readonly asset: string },
  scope: SQL | undefined,
): Promise<bigint> {
  const [row] = await tx.db
    .select({ total: sql<string>`coalesce(sum(${paymentReservation.amount}), 0)::text` })
    .from(paymentReservation)
    .where(
      and(
        eq(paymentReservation.workspaceId, tx.workspace),
        eq(paymentReservation.chain, chain),
        eq(paymentReservation.wallet, address),
        eq(paymentReservation.asset, asset),
        sql`${paymentReservation.state} <> 'released'`,
        scope,
      ),
    );
  return BigInt(row!.total);
}

/** What a wallet holds for open payments, and what it spent in 24 hours, by chain and asset. */
export interface WalletTotal {
  readonly chain: string;
  readonly asset: string;
  readonly held: bigint;
  readonly spent: bigint;
}

/** The totals of a wallet that are not zero. */
export async function walletTotals(tx: Tenant, { address }: { readonly address: string }): Promise<WalletTotal[]> {
  const { asset, amount, state, chain } = paymentReservation;
  const of = (which: string) => sql<string>`coalesce(sum(${amount}) filter (where ${state} = ${which}), 0)::text`;
  const rows = await tx.db
    .select({ chain, asset, held: of('held'), spent: of('spent') })
    .from(paymentReservation)
    .where(
      and(
        eq(paymentReservation.workspaceId, tx.workspace),
        eq(paymentReservation.wallet, address),
        sql`${state} <> 'released'`,
        LATELY,
      ),
    )
    .groupBy(chain, asset)
    .orderBy(chain, asset);
  return rows.map((row) => ({ ...row, held: BigInt(row.held), spent: BigInt(row.spent) }));
}
