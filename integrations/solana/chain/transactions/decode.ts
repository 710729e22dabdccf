import type { Json } from '../../../../graph/json.ts';
import { SOL_DECIMALS } from '../../notation/amounts.ts';
import { moneyOf } from '../../notation/fields.ts';
import { big, field, list, misshapen, optional, text } from '../values.ts';
import { readChanges } from './changes.ts';
import { type DecodedTransaction, undecodable } from './decoded.ts';
import { type Keys, readKeys } from './keys.ts';
import { readInstructions } from './read-instructions.ts';
import { readLogs, readMemos } from './texts.ts';
import { readTransfers } from './transfers.ts';

/** Longer errors of the chain are shortened. */
const LONGEST_ERROR = 4_000;

/**
 * Decodes what `getTransaction` answers with `encoding: 'json'`. That form is the same for all programs: what a provider
 * would parse by itself depends on the provider and on its version. Never throws: whatever cannot be read is data.
 *
 * @param answer the result, which is not null
 */
export function decodeTransaction(answer: Json, signature: string): DecodedTransaction {
  const slot = attempted(() => String(big(field(answer, 'slot'))));
  const blockTime = attempted(() => readTime(optional(answer, 'blockTime')));
  try {
    return decode(answer, { signature, slot, blockTime });
  } catch (error) {
    return undecodable(signature, reasonOf(error), { slot, blockTime });
  }
}

function decode(answer: Json, at: Pick<DecodedTransaction, 'signature' | 'slot' | 'blockTime'>): DecodedTransaction {
  const version = versionOf(optional(answer, 'version'));
  const transaction = field(answer, 'transaction');
  if (text(list(field(transaction, 'signatures'))[0] ?? null) !== at.signature)
    throw misshapen('it is another transaction');
  if (at.slot === null) throw misshapen('there is no slot');
  const meta = field(answer, 'meta');
  const keys = readKeys(field(transaction, 'message'), meta);
  const fee = big(field(meta, 'fee'));
  const error = optional(meta, 'err');
  const instructions = readInstructions(field(transaction, 'message'), meta, keys);
  return {
    ...at,
    status: error === null ? 'succeeded' : 'failed',
    undecodable: null,
    error: shortened(error),
    version,
    fee: moneyOf(fee, SOL_DECIMALS),
    feePayer: payerOf(keys),
    signers: keys.all.slice(0, keys.signers),
    changes: readChanges(meta, keys),
    transfers: readTransfers(instructions, meta, keys),
    memos: readMemos(instructions),
    programs: [...new Set(instructions.map(({ program }) => program))],
    instructions,
    ...readLogs(optional(meta, 'logMessages')),
  };
}

const payerOf = ({ all }: Keys): string => all[0]!;

function versionOf(value: Json): DecodedTransaction['version'] {
  if (value === null || value === 'legacy') return 'legacy';
  if (value === 0 || value === 1) return value === 0 ? '0' : '1';
  throw misshapen(`its version is ${JSON.stringify(value).slice(0, 20)}, and Blok knows legacy, 0 and 1`);
}

/** Seconds since 1970, as an ISO time. */
function readTime(value: Json): string | null {
  const time = typeof value === 'number' ? new Date(value * 1_000) : null;
  return time === null || Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function shortened(error: Json): Json {
  const written = JSON.stringify(error);
  return written.length <= LONGEST_ERROR ? error : `${written.slice(0, LONGEST_ERROR)}…`;
}

/** What is read, or null if it cannot be. */
function attempted<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);
