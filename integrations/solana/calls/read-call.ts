import type { Json, JsonObject } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import type { Instruction } from '../chain/instructions.ts';
import { encodeInstruction } from '../idl/encode.ts';
import { type Idl, type IdlInstruction, sameName } from '../idl/idl.ts';
import { readIdl } from '../idl/read-idl.ts';
import { bytesIn } from '../notation/bytes.ts';
import { type CalledAccount, WALLET } from './account.ts';
import { type FoundBy, namedAccounts } from './named-accounts.ts';

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

/** What a call is read by. */
export type ReadBy = Pick<FoundBy, 'wallet' | 'derive'>;

/** The most accounts that fit into a transaction. */
const MOST_ACCOUNTS = 40;

/**
 * The instruction that is to be called.
 *
 * @throws NodeError `input.invalid`
 */
export function readCall(input: CallInput, by: ReadBy): Instruction {
  const { program, moreAccounts } = input;
  const { wallet } = by;
  const { accounts, data } = input.idl === undefined ? plainCall(input) : describedCall(input, input.idl, by);
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
  return { accounts: accounts ?? [], data: dataIn(data, dataEncoding) };
}

function dataIn(data: string, encoding: 'base64' | 'hex'): Uint8Array {
  const bytes = bytesIn(data, encoding);
  if (bytes) return bytes;
  throw invalid(`data is not ${encoding}.`);
}

function describedCall(input: CallInput, written: Json, by: ReadBy): Called {
  const { program, instruction: name, accounts, data, arguments: values } = input;
  if (data !== undefined) throw invalid('Give data, or idl with instruction and arguments, not both.');
  if (name === undefined) throw invalid('Say which instruction of the IDL is called.');
  const idl = readIdl(written);
  if (idl.address !== null && idl.address !== program)
    throw invalid(`idl is that of the program ${idl.address}, and program is ${program}.`);
  const instruction = instructionOf(idl, name);
  return {
    accounts: isList(accounts) ? accounts : namedAccounts(instruction, accounts ?? {}, { ...by, program, values }),
    data: encodeInstruction(idl, instruction, values),
  };
}

const isList = (accounts: CallInput['accounts']): accounts is readonly CalledAccount[] => Array.isArray(accounts);

function instructionOf(idl: Idl, name: string): IdlInstruction {
  const found = idl.instructions.find((one) => sameName(one.name, name));
  if (found) return found;
  const known = idl.instructions.slice(0, 30).map((one) => one.name);
  throw invalid(`idl has no instruction "${name}". It has ${known.join(', ') || 'none'}.`);
}
