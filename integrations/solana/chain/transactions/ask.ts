import type { Json } from '../../../../graph/json.ts';
import { NodeError } from '../../../error.ts';
import type { RpcCall } from '../json-rpc.ts';
import { misshapen, optional } from '../values.ts';
import { decodeTransaction } from './decode.ts';
import { type DecodedTransaction, undecodable } from './decoded.ts';

/** The newest version of transactions that Blok decodes. Without it, providers refuse those of any version. */
const NEWEST_VERSION = 1;

/** What providers answer about a transaction of a newer version. */
const UNSUPPORTED_VERSION = -32_015;

/** The call that asks a provider for a transaction. */
export const transactionCall = (signature: string, commitment: 'confirmed' | 'finalized'): RpcCall => ({
  method: 'getTransaction',
  params: [signature, { commitment, encoding: 'json', maxSupportedTransactionVersion: NEWEST_VERSION }],
});

/**
 * What a provider says about a transaction: the transaction; null if it does not know it; what it refused the call with, if
 * that says nothing about the transaction.
 *
 * @param answer the result of the call, or what the call was refused with
 */
export function readTransaction(answer: Json | NodeError, signature: string): DecodedTransaction | NodeError | null {
  if (!(answer instanceof NodeError)) {
    if (answer === null) return null;
    return isOther(answer, signature)
      ? misshapen(`another transaction than ${signature}`)
      : decodeTransaction(answer, signature);
  }
  return isAboutTransaction(answer) ? undecodable(signature, answer.message) : answer;
}

/** Whether a provider answered with a transaction that nobody asked for. That says nothing about the one that is wanted. */
function isOther(answer: Json, signature: string): boolean {
  const signatures = optional(optional(answer, 'transaction'), 'signatures');
  const [first] = Array.isArray(signatures) ? signatures : [];
  return typeof first === 'string' && first !== signature;
}

/** Whether asking again is of no use, because the transaction itself is the reason: its version, or its size. */
const isAboutTransaction = ({ code, retryable, details }: NodeError): boolean =>
  (code === 'solana.answer' && !retryable) ||
  (code === 'solana.rpc' && (details as { readonly code?: Json } | undefined)?.code === UNSUPPORTED_VERSION);
