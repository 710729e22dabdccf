/** The answers of providers, in the words of the port. */
import type { Json } from '../../../graph/json.ts';
import type { Account, Commitment, HistoryEntry, SignatureStatus, Simulation, TokenHolding } from './port.ts';
import { big, field, list, misshapen, optional, text } from './values.ts';

/** An account in base64; null if there is none. */
export function readAccount(value: Json): Account | null {
  if (value === null) return null;
  const [data, encoding] = list(field(value, 'data'));
  if (typeof data !== 'string' || encoding !== 'base64') throw misshapen('the data of an account');
  return {
    lamports: big(field(value, 'lamports')),
    owner: text(field(value, 'owner')),
    data: Buffer.from(data, 'base64'),
    executable: optional(value, 'executable') === true,
  };
}

/** An entry of `getTokenAccountsByOwner`, parsed by the provider. */
export function readHolding(value: Json): TokenHolding {
  const account = field(value, 'account');
  const info = field(field(field(account, 'data'), 'parsed'), 'info');
  const held = field(info, 'tokenAmount');
  return {
    account: text(field(value, 'pubkey')),
    mint: text(field(info, 'mint')),
    program: text(field(account, 'owner')),
    amount: big(field(held, 'amount')),
    decimals: Number(big(field(held, 'decimals'))),
  };
}

/** What a simulation answered. */
export function readSimulation(answer: Json): Simulation {
  const value = field(answer, 'value');
  const units = optional(value, 'unitsConsumed');
  const accounts = optional(value, 'accounts');
  return {
    slot: big(field(field(answer, 'context'), 'slot')),
    error: optional(value, 'err'),
    logs: list(optional(value, 'logs') ?? []).map(text),
    units: units === null ? null : big(units),
    accounts: accounts === null ? [] : list(accounts).map(readAccount),
  };
}

const COMMITMENTS: readonly Json[] = ['processed', 'confirmed', 'finalized'] satisfies Commitment[];

/** What is known about a signature; null if nothing is. */
export function readStatus(value: Json): SignatureStatus | null {
  if (value === null) return null;
  const commitment = field(value, 'confirmationStatus');
  if (!COMMITMENTS.includes(commitment)) throw misshapen('the status of a signature');
  return { slot: big(field(value, 'slot')), error: optional(value, 'err'), commitment: commitment as Commitment };
}

/** An entry of `getSignaturesForAddress`. */
export const readEntry = (value: Json): HistoryEntry => ({
  signature: text(field(value, 'signature')),
  slot: big(field(value, 'slot')),
  error: optional(value, 'err'),
});
