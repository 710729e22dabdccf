import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import type { RpcCall } from '../chain/json-rpc.ts';
import type { Landed } from '../chain/port.ts';
import { readTransaction, transactionCall } from '../chain/transactions/ask.ts';
import type { DecodedTransaction } from '../chain/transactions/decoded.ts';
import type { Line } from './line.ts';

/** Transactions, looked up with one provider and, where it cannot show one, with the others. */
export interface Archive {
  readonly line: Line;
  readonly others: readonly Line[];
}

/**
 * Looks transactions up, in the given order.
 *
 * @returns null for a transaction that no provider knows
 * @throws NodeError if the provider cannot be asked now
 */
export async function lookAt(
  { line, others }: Archive,
  signatures: readonly string[],
  commitment: Landed,
): Promise<(DecodedTransaction | null)[]> {
  const calls = signatures.map((signature) => transactionCall(signature, commitment));
  const answers = await line.ask(calls);
  const found: (DecodedTransaction | null)[] = [];
  for (const [index, signature] of signatures.entries()) {
    const read = readTransaction(answers[index] ?? null, signature);
    found.push(isShown(read) ? read : await elsewhere(others, { call: calls[index]!, signature, read }));
  }
  return found;
}

const isShown = (read: DecodedTransaction | NodeError | null): read is DecodedTransaction =>
  read !== null && !(read instanceof NodeError) && read.status !== 'undecodable';

/** The best of what the other providers say: they may remember more, or know more versions. */
async function elsewhere(
  others: readonly Line[],
  {
    call,
    signature,
    read: first,
  }: { readonly call: RpcCall; readonly signature: string; readonly read: DecodedTransaction | NodeError | null },
): Promise<DecodedTransaction | null> {
  let best = first instanceof NodeError ? null : first;
  for (const line of others) {
    const read = readTransaction(await answerOf(line, call), signature);
    if (isShown(read)) return read;
    if (!(read instanceof NodeError)) best ??= read;
  }
  return best;
}

/** What a provider answers; a provider that is away knows nothing. */
async function answerOf(line: Line, call: RpcCall): Promise<Json | NodeError> {
  try {
    const [answer] = await line.ask([call]);
    return answer ?? null;
  } catch (error) {
    if (error instanceof NodeError) return error;
    throw error;
  }
}
