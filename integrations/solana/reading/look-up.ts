import type { NodeContext } from '../../context.ts';
import { findTransaction } from '../chain/find-transaction.ts';
import type { Landed } from '../chain/port.ts';
import type { DecodedTransaction } from '../chain/transactions/decoded.ts';
import { type Seen, seenBy } from '../chain/transactions/seen-by.ts';
import { readingChain, walletAddress } from '../open.ts';

/** A transaction that somebody asks for. */
interface Asked {
  readonly signature: string;
  readonly address?: string | undefined;
  readonly commitment: Landed;
}

/** Finds a transaction, and says what it means for an address. */
export async function lookUp(ctx: NodeContext, { signature, address, commitment }: Asked) {
  const transaction = await findTransaction(await readingChain(ctx), signature, commitment);
  const whose = address ?? walletAddress(ctx) ?? transaction?.feePayer ?? null;
  return { found: transaction !== null, transaction, seen: seenFor(transaction, whose) };
}

/** What a transaction means for an address; null if there is none, or if the transaction cannot be decoded. */
export function seenFor(
  transaction: DecodedTransaction | null,
  address: string | null,
): (Seen & { readonly address: string }) | null {
  if (transaction === null || address === null || transaction.status === 'undecodable') return null;
  return { address, ...seenBy(transaction, address) };
}
