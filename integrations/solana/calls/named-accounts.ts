import type { Json, JsonObject } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import type { Derive } from '../chain/library.ts';
import { ASSOCIATED_TOKEN, SYSTEM } from '../chain/programs.ts';
import { encodePlain } from '../idl/encode-plain.ts';
import {
  type IdlAccount,
  type IdlDerivation,
  type IdlInstruction,
  type IdlSeed,
  type PlainType,
  plainName,
  sameName,
} from '../idl/idl.ts';
import { fromBase58, toBase58 } from '../notation/base58.ts';
import { type CalledAccount, WALLET } from './account.ts';

/** What accounts are found by, beside what is given. */
export interface FoundBy {
  readonly program: string;
  readonly wallet: string;
  /** The arguments of the instruction, by name. */
  readonly values: JsonObject;
  readonly derive: Derive;
}

/** Accounts that IDLs before Anchor 0.30 only name. */
const USUAL: Readonly<Record<string, string>> = {
  systemprogram: SYSTEM,
  associatedtokenprogram: ASSOCIATED_TOKEN,
  rent: 'SysvarRent111111111111111111111111111111111',
};

/** The longest seed from which an address can be derived. */
const LONGEST_SEED = 32;

/**
 * The accounts of an instruction of an IDL: those that are given by name, and those that follow from the IDL.
 *
 * @throws NodeError `input.invalid`
 */
export function namedAccounts(
  instruction: IdlInstruction,
  given: Readonly<Record<string, string>>,
  by: FoundBy,
): CalledAccount[] {
  const { name, accounts } = instruction;
  const strange = Object.keys(given).find((key) => !accounts.some((one) => isNamed(one, key)));
  if (strange !== undefined)
    throw invalid(`accounts.${strange} is none of ${name}: ${accounts.map((one) => one.name).join(', ')}.`);
  const find = finder(instruction, given, by);
  return accounts.map((account) => {
    const { writable, signer, optional } = account;
    const address = find(account);
    if (address !== null) return { address, writable, signer };
    // Anchor takes the program itself for an account that is left out.
    if (optional) return { address: by.program, writable: false, signer: false };
    throw invalid(`accounts.${account.name} of ${name} is missing.`);
  });
}

/** Finds the address of an account, once; null if nothing says it. */
function finder(
  { accounts, args }: IdlInstruction,
  given: Readonly<Record<string, string>>,
  { program, wallet, values, derive }: FoundBy,
): (account: IdlAccount) => string | null {
  const known = new Map<IdlAccount, string | null>();

  function find(account: IdlAccount): string | null {
    if (!known.has(account)) {
      // Whoever is derived from itself is not known.
      known.set(account, null);
      known.set(account, said(account));
    }
    return known.get(account)!;
  }

  function said(account: IdlAccount): string | null {
    const [, found] = Object.entries(given).find(([key]) => isNamed(account, key)) ?? [];
    if (found !== undefined) return found === WALLET ? wallet : found;
    if (account.address !== null) return account.address;
    if (account.signer) return wallet;
    const derived = account.derived && !account.optional ? derivedBy(account.derived) : null;
    return derived ?? USUAL[plainName(lastOf(account))] ?? null;
  }

  function derivedBy({ seeds, program: owner }: IdlDerivation): string | null {
    const bytes = seeds.map(seedOf);
    const by = owner === null ? program : textOf(seedOf(owner));
    if (by === null || !bytes.every((one) => one !== null && one.length <= LONGEST_SEED)) return null;
    return derive({ seeds: bytes as Uint8Array[], program: by });
  }

  function seedOf(seed: IdlSeed): Uint8Array | null {
    switch (seed.is) {
      case 'bytes':
        return seed.bytes;
      case 'account': {
        const account = accounts.find((one) => isNamed(one, seed.name));
        const address = account ? find(account) : null;
        return address === null ? null : fromBase58(address);
      }
      case 'argument': {
        const arg = args.find((one) => sameName(one.name, seed.name));
        const [, value] = Object.entries(values).find(([key]) => sameName(key, seed.name)) ?? [];
        return arg?.type.is === 'plain' && value !== undefined ? argumentSeed(arg.type.of, value, seed.name) : null;
      }
    }
  }

  return find;
}

/** Seeds are what programs make of arguments: texts and bytes without their length. */
function argumentSeed(type: PlainType, value: Json, name: string): Uint8Array {
  const bytes = encodePlain(type, value, (what) => invalid(`arguments.${name} ${what}.`));
  return type === 'string' || type === 'bytes' ? bytes.subarray(4) : bytes;
}

const textOf = (bytes: Uint8Array | null): string | null => (bytes?.length === 32 ? toBase58(bytes) : null);

/** An account in a group may be named with its groups, or alone. */
const isNamed = (account: IdlAccount, key: string): boolean =>
  sameName(account.name, key) || sameName(lastOf(account), key);

const lastOf = ({ name }: IdlAccount): string => name.slice(name.lastIndexOf('.') + 1);

const invalid = (message: string): NodeError => new NodeError('input.invalid', message);
