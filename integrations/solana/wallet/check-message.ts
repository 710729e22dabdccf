import { COST, type Payment } from '../../payments.ts';
import { feeOf } from '../chain/fee.ts';
import { ASSOCIATED_TOKEN, COMPUTE_BUDGET, SYSTEM, TOKEN_PROGRAMS } from '../chain/programs.ts';
import { mostTokenRent } from '../chain/token-rent.ts';
import { callName, isCall } from './call-name.ts';
import { type ReadInstruction, type ReadMessage, readMessage } from './read-message.ts';

/** Numbers of instructions. */
const SET_UNITS = 2;
const SET_PRICE = 3;
const TRANSFER = 2;
const CREATE_WITH_SEED = 3;
const CREATE_TOKEN_ACCOUNT = 1;
const TRANSFER_CHECKED = 12;

/** The receipt that a message must hold. */
export interface Receipt {
  readonly seed: string;
  readonly isRequired: boolean;
  /** Those that earlier transactions of the payment make: a further one must be the same. */
  readonly made: readonly string[];
}

/** What a message must hold, beside what the ledger says. */
export interface Expected {
  readonly receipt: Receipt;
  /** The accounts from which the wallet pays tokens. */
  readonly sources: readonly string[];
}

/** What has been found in a message. */
interface Found {
  moved: boolean;
  units: bigint;
  price: bigint;
  receipt: bigint | null;
  /** The token account that the chain itself proves to be the recipient's. */
  holding: string | null;
  /** What that account may cost, if it is not there yet. */
  rent: bigint;
  /** Each kind of instruction may be there once. */
  readonly kinds: Set<string>;
}

/**
 * Says why bytes are not the payment that the ledger holds, or null if they are: the wallet alone signs and pays, and
 * there is nothing in the message but the transfer, the account that the transfer needs, or the call, the receipt, and fees
 * within what is set aside.
 */
export function whyNot(bytes: Uint8Array, payment: Payment, expected: Expected): string | null {
  const message = readMessage(bytes);
  if (!message) return 'it is no message of version 0 without lookup tables';
  const { wallet } = payment.terms;
  if (message.signers.length !== 1 || message.signers[0] !== wallet) return 'somebody else would have to sign';
  const found: Found = {
    ...{ moved: false, units: 200_000n, price: 0n, receipt: null, holding: null, rent: 0n },
    kinds: new Set(),
  };
  for (const instruction of message.instructions) {
    const kind = kindIn(message, instruction, payment.terms);
    const problem = take({ ...instruction, kind }, payment, expected, found);
    if (problem) return problem;
  }
  return missing(payment, expected.receipt, found);
}

/** Whether bytes make a receipt, whichever. */
export const holdsReceipt = (bytes: Uint8Array): boolean =>
  readMessage(bytes)?.instructions.some((one) => kindOf(one) === 'receipt') ?? false;

function missing({ reserved }: Payment, receipt: Receipt, found: Found): string | null {
  if (!found.moved) return 'it holds no transfer, or not the call';
  if (receipt.isRequired && found.receipt === null) return 'it holds no receipt';
  const cost = feeOf(found.units, found.price) + (found.receipt ?? 0n) + found.rent;
  const most = reserved.find(({ asset }) => asset === COST)?.amount ?? 0n;
  return cost > most ? 'its fees and rent are more than what is set aside' : null;
}

/** Looks at one instruction. @returns what is wrong with it */
function take(
  one: ReadInstruction & { readonly kind: Kind | null },
  payment: Payment,
  { receipt, sources }: Expected,
  found: Found,
): string | null {
  const { kind } = one;
  if (kind === null) return `it calls ${one.program} in a way that no payment needs`;
  if (found.kinds.has(kind)) return `it holds "${kind}" twice`;
  found.kinds.add(kind);
  const { terms } = payment;
  const { data, accounts } = one;
  switch (kind) {
    case 'call':
      found.moved = true;
      return null;
    case 'units':
      found.units = BigInt(data.readUInt32LE(1));
      return null;
    case 'price':
      found.price = data.readBigUInt64LE(1);
      return null;
    case 'receipt':
      found.receipt = receiptOf(one, terms.wallet, receipt);
      return found.receipt === null ? 'its receipt is not that of the payment' : null;
    case 'token account':
      if (accounts[0] !== terms.wallet || accounts[2] !== terms.recipient || accounts[3] !== terms.asset)
        return 'it makes a token account for somebody else';
      found.holding = accounts[1] ?? null;
      found.rent = mostTokenRent(accounts[5]!);
      return null;
    case 'transfer': {
      const fits =
        terms.asset === 'SOL' &&
        accounts[0] === terms.wallet &&
        accounts[1] === terms.recipient &&
        data.readBigUInt64LE(4) === terms.amount;
      found.moved = true;
      return fits ? null : 'its transfer is not that of the payment';
    }
    case 'token transfer': {
      const fits =
        sources.includes(accounts[0]!) &&
        accounts[1] === terms.asset &&
        accounts[2] === found.holding &&
        accounts[3] === terms.wallet &&
        data.readBigUInt64LE(1) === terms.amount &&
        data[9] === terms.decimals;
      found.moved = true;
      return fits ? null : 'its transfer is not that of the payment';
    }
  }
}

type Kind = 'units' | 'price' | 'receipt' | 'token account' | 'transfer' | 'token transfer' | 'call';

/** What may stand beside a call. */
const BESIDE: readonly (Kind | null)[] = ['units', 'price', 'receipt'];

/** What an instruction is for a payment. A call is nothing but the call that was ordered, by all that is in it. */
function kindIn({ writable }: ReadMessage, one: ReadInstruction, { asset, wallet }: Payment['terms']): Kind | null {
  if (!isCall(asset)) return kindOf(one);
  const accounts = one.accounts.map((address) => ({ address, writable: writable.has(address) }));
  if (callName(wallet, { ...one, accounts }) === asset) return 'call';
  const kind = kindOf(one);
  return BESIDE.includes(kind) ? kind : null;
}

/** What an instruction is, if it may be part of a payment at all: by its program, its number and its length. */
function kindOf({ program, data, accounts }: ReadInstruction): Kind | null {
  if (program === COMPUTE_BUDGET) {
    if (data[0] === SET_UNITS && data.length === 5) return 'units';
    return data[0] === SET_PRICE && data.length === 9 ? 'price' : null;
  }
  if (program === SYSTEM && data.length >= 4) {
    const number = data.readUInt32LE(0);
    if (number === TRANSFER && data.length === 12 && accounts.length === 2) return 'transfer';
    return number === CREATE_WITH_SEED ? 'receipt' : null;
  }
  if (program === ASSOCIATED_TOKEN)
    return data.length === 1 && data[0] === CREATE_TOKEN_ACCOUNT && accounts.length === 6 ? 'token account' : null;
  if (TOKEN_PROGRAMS.includes(program))
    return data.length === 10 && data[0] === TRANSFER_CHECKED && accounts.length === 4 ? 'token transfer' : null;
  return null;
}

/** The lamports of a receipt, or null if it is another one: base, seed, lamports, no space, and the system as its owner. */
function receiptOf({ data, accounts }: ReadInstruction, wallet: string, { seed, made }: Receipt): bigint | null {
  const written = Buffer.from(seed, 'latin1');
  const head = 4 + 32 + 8;
  const ends = head + written.length;
  if (data.length !== ends + 8 + 8 + 32 || accounts[0] !== wallet || accounts.length > 3) return null;
  const fits =
    made.every((receipt) => receipt === accounts[1]) &&
    data.readBigUInt64LE(36) === BigInt(written.length) &&
    data.subarray(head, ends).equals(written) &&
    data.readBigUInt64LE(ends + 8) === 0n &&
    data.subarray(ends + 16).every((byte) => byte === 0);
  return fits ? data.readBigUInt64LE(ends) : null;
}
