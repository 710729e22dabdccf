import { createHash } from 'node:crypto';

/** An instruction, as the ledger and the signer compare it. */
export interface NamedCall {
  readonly program: string;
  readonly accounts: readonly { readonly address: string; readonly writable: boolean }[];
  readonly data: Uint8Array;
}

/** Begins the name of a call, in the place where payments name an asset. */
const CALL = 'call:';

/**
 * The name of a call in the ledger: the hash of the program, of the accounts with what may be done to them, and of the data.
 * In a transaction an account is writable for all instructions or for none, and the payer always is.
 */
export function callName(payer: string, { program, accounts, data }: NamedCall): string {
  const writable = new Set([payer, ...accounts.filter((one) => one.writable).map((one) => one.address)]);
  const all = accounts.map(({ address }) => [address, writable.has(address)]);
  const written = JSON.stringify(['blok call v1', program, all, Buffer.from(data).toString('base64')]);
  return `${CALL}${createHash('sha256').update(written).digest('hex')}`;
}

/** Whether a payment is a call of a program, by what it pays. */
export const isCall = (asset: string): boolean => asset.startsWith(CALL);
