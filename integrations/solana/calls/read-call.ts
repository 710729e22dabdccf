import type { Json, JsonObject } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import type { Instruction } from '../chain/instructions.ts';
import { ASSOCIATED_TOKEN, SYSTEM } from '../chain/programs.ts';
import { encodeInstruction } from '../idl/encode.ts';
import { type Idl, type IdlAccount, type IdlInstruction, plainName, sameName } from '../idl/idl.ts';
import { readIdl } from '../idl/read-idl.ts';

/** An account of a call, as authors write it. `wallet` stands for the address of the wallet. */
export interface CalledAccount {
  readonly address: string;
  readonly signer: boolean;
  readonly writable: boolean;
}

/** What an author wants to be called. */
export interface CallInput {
  readonly program: string;
  /** In their order; or, with an IDL, by name. */
  readonly accounts?: readonly CalledAccount[] | Readonly<Record<string, string>> | undefined;
  /** Behind those that the IDL names. */
  readonly moreAccounts: readonly CalledAccount[];
  readonly data?: string | undefined;
  readonly dataEncoding: 'base64' | 'hex';
  readonly idl?: Json | undefined;
  readonly instruction?: string | undefined;
  readonly arguments: JsonObject;
}

/** How authors write the address of the wallet. */
export const WALLET = 'wallet';

/** The most accounts that fit into a transaction. */
const MOST_ACCOUNTS = 40;

/**
 * The instruction that is to be called.
 *
 * @throws NodeError `input.invalid`
 */
export function readCall(input: CallInput, wallet: string): Instruction {
  const { program, moreAccounts } = input;
  const { accounts, data } = input.idl === undefined ? plainCall(input) : describedCall(input, input.idl, wallet);
  const all = [...accounts, ...moreAccounts].map((one) => ({
    ...one,
    address: one.address === WALLET ? wallet : one.address,
  }));
  const stranger = all.find(({ signer, address }) => signer && address !== wallet);
  if (stranger) throw invalid(`${stranger.address} would have to sign, but only the wallet (${wallet}) can.`);
  if (all.length > MOST_ACCOUNTS) throw invalid(`There are ${all.length} accounts; at most ${MOST_ACCOUNTS} fit.`);
  return { program, accounts: all, data };
}

const invalid = (message: string): NodeError => new NodeError('input.invalid', message);

type Called = Pick<Instruction, 'accounts' | 'data'>;

function plainCall({ accounts, data, dataEncoding, instruction }: CallInput): Called {
  if (instruction !== undefined) throw invalid('instruction needs the IDL in which it stands: give idl.');
  if (data === undefined) throw invalid('Give data, or idl with instruction and arguments.');
  if (accounts && !isList(accounts)) throw invalid('accounts must be a list: only an IDL knows them by name.');
  return { accounts: accounts ?? [], data: bytesIn(data, dataEncoding) };
}

function bytesIn(data: string, encoding: 'base64' | 'hex'): Uint8Array {
  const text = encoding === 'hex' ? data.replace(/^0x/, '') : data;
  const pattern = encoding === 'hex' ? /^([0-9a-fA-F]{2})*$/ : /^[A-Za-z0-9+/]*={0,2}$/;
  if (pattern.test(text)) return Buffer.from(text, encoding);
  throw invalid(`data is not ${encoding}.`);
}

function describedCall(input: CallInput, written: Json, wallet: string): Called {
  const { program, instruction: name, accounts, data } = input;
  if (data !== undefined) throw invalid('Give data, or idl with instruction and arguments, not both.');
  if (name === undefined) throw invalid('Say which instruction of the IDL is called.');
  const idl = readIdl(written);
  if (idl.address !== null && idl.address !== program)
    throw invalid(`idl is that of the program ${idl.address}, and program is ${program}.`);
  const instruction = instructionOf(idl, name);
  return {
    accounts: isList(accounts) ? accounts : namedAccounts(instruction, accounts ?? {}, { program, wallet }),
    data: encodeInstruction(idl, instruction, input.arguments),
  };
}

const isList = (accounts: CallInput['accounts']): accounts is readonly CalledAccount[] => Array.isArray(accounts);

function instructionOf(idl: Idl, name: string): IdlInstruction {
  const found = idl.instructions.find((one) => sameName(one.name, name));
  if (found) return found;
  const known = idl.instructions.slice(0, 30).map((one) => one.name);
  throw invalid(`idl has no instruction "${name}". It has ${known.join(', ') || 'none'}.`);
}

/** Accounts that IDLs before Anchor 0.30 only name. */
const USUAL: Readonly<Record<string, string>> = {
  systemprogram: SYSTEM,
  associatedtokenprogram: ASSOCIATED_TOKEN,
  rent: 'SysvarRent111111111111111111111111111111111',
};

function namedAccounts(
  { name: instruction, accounts }: IdlInstruction,
  given: Readonly<Record<string, string>>,
  { program, wallet }: { readonly program: string; readonly wallet: string },
): CalledAccount[] {
  const strange = Object.keys(given).find((key) => !accounts.some((one) => isNamed(one, key)));
  if (strange !== undefined)
    throw invalid(`accounts.${strange} is none of ${instruction}: ${accounts.map(({ name }) => name).join(', ')}.`);
  return accounts.map((account) => {
    const [, found] = Object.entries(given).find(([key]) => isNamed(account, key)) ?? [];
    const { writable, signer, optional } = account;
    const address = found ?? account.address ?? (signer ? wallet : USUAL[plainName(lastOf(account))]);
    if (address !== undefined) return { address, writable, signer };
    // Anchor takes the program itself for an account that is left out.
    if (optional) return { address: program, writable: false, signer: false };
    throw invalid(`accounts.${account.name} of ${instruction} is missing.`);
  });
}

/** An account in a group may be named with its groups, or alone. */
const isNamed = (account: IdlAccount, key: string): boolean =>
  sameName(account.name, key) || sameName(lastOf(account), key);

const lastOf = ({ name }: IdlAccount): string => name.slice(name.lastIndexOf('.') + 1);
