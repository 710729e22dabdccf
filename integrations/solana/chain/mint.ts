import { toBase58 } from '../notation/base58.ts';
import type { Account } from './port.ts';
import { TOKEN_2022, TOKEN_PROGRAMS } from './programs.ts';

/** What must be known about a mint before its tokens are moved. */
export interface Mint {
  readonly program: string;
  readonly decimals: number;
  /** A part of each transfer goes to somebody else. */
  readonly hasFee: boolean;
  /** A program that is called with each transfer. */
  readonly hook: string | null;
  /** Its tokens cannot be moved. */
  readonly isBound: boolean;
}

/** A mint without extensions has this size; with extensions it is filled up to the size of a token account. */
const MINT_SIZE = 82;
const ACCOUNT_SIZE = 165;
/** What the byte after the filling says. */
const IS_MINT = 1;

/** Extensions of Token-2022, by their numbers. */
const TRANSFER_FEE = 1;
const NON_TRANSFERABLE = 9;
const TRANSFER_HOOK = 14;

/** Reads the account of a mint, or null if the account is none. */
export function readMint({ owner, data }: Account): Mint | null {
  if (!TOKEN_PROGRAMS.includes(owner)) return null;
  const extended = data.length > ACCOUNT_SIZE;
  if (extended ? data[ACCOUNT_SIZE] !== IS_MINT || owner !== TOKEN_2022 : data.length !== MINT_SIZE) return null;
  const isInitialised = data[45] === 1;
  if (!isInitialised) return null;
  const extensions = extended ? readExtensions(data.subarray(ACCOUNT_SIZE + 1)) : new Map<number, Uint8Array>();
  const hook = extensions.get(TRANSFER_HOOK)?.subarray(32, 64);
  return {
    program: owner,
    decimals: data[44]!,
    hasFee: extensions.has(TRANSFER_FEE),
    hook: hook?.some((byte) => byte !== 0) ? toBase58(hook) : null,
    isBound: extensions.has(NON_TRANSFERABLE),
  };
}

/** Extensions are a list of type, length and content. */
function readExtensions(bytes: Uint8Array): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; ) {
    const type = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (type === 0) break;
    found.set(type, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

/** What a token account holds, or null if the account is none. */
export function readHeld({ owner, data }: Account): { readonly mint: string; readonly amount: bigint } | null {
  if (!TOKEN_PROGRAMS.includes(owner) || data.length < ACCOUNT_SIZE) return null;
  if (data.length > ACCOUNT_SIZE && data[ACCOUNT_SIZE] === IS_MINT) return null;
  return { mint: toBase58(data.subarray(0, 32)), amount: Buffer.from(data).readBigUInt64LE(64) };
}
