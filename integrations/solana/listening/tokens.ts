import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import type { RpcCall } from '../chain/json-rpc.ts';
import { TOKEN_PROGRAMS } from '../chain/programs.ts';
import { field, list, text } from '../chain/values.ts';
import type { Line } from './line.ts';
import type { TokenAccounts } from './place.ts';

/** Token accounts of one address that a watch follows. */
const MOST = 1_000;

/** Slots after which the token accounts are listed again: about ten minutes. */
const LISTED_FOR = 1_500;

/** Whether the token accounts of an address are to be listed (again). */
export const isListDue = (known: TokenAccounts | undefined, tip: number): boolean =>
  known === undefined || tip >= known.at + LISTED_FOR;

/**
 * Lists the token accounts of addresses, of both token programs.
 *
 * @param mint only those of this mint
 * @throws NodeError `solana.tooManyAccounts`
 */
export async function listTokenAccounts(
  line: Line,
  owners: readonly string[],
  { mint, tip }: { readonly mint: string | undefined; readonly tip: number },
): Promise<string[][]> {
  const kinds: Json[] = mint === undefined ? TOKEN_PROGRAMS.map((programId) => ({ programId })) : [{ mint }];
  const calls = owners.flatMap((owner) => kinds.map((kind) => listCall(owner, kind, tip)));
  const answers = await line.ask(calls);
  return owners.map((owner, index) => {
    const accounts = answers.slice(index * kinds.length, (index + 1) * kinds.length).flatMap(readAccounts);
    if (accounts.length > MOST) throw tooMany(owner, accounts.length);
    return [...new Set(accounts)];
  });
}

const listCall = (owner: string, kind: Json, tip: number): RpcCall => ({
  method: 'getTokenAccountsByOwner',
  // Without the data: only the addresses are wanted.
  params: [
    owner,
    kind,
    { commitment: 'finalized', encoding: 'base64', dataSlice: { offset: 0, length: 0 }, minContextSlot: tip },
  ],
});

function readAccounts(answer: Json | NodeError): string[] {
  // A mint that does not exist yet: nobody has accounts of it.
  if (answer instanceof NodeError) {
    if (/could not find mint/i.test(answer.message)) return [];
    throw answer;
  }
  return list(field(answer, 'value')).map((one) => text(field(one, 'pubkey')));
}

/** What is known of an address's token accounts after a list of them. */
export const relisted = (known: TokenAccounts | undefined, accounts: readonly string[], at: number): TokenAccounts => ({
  at,
  accounts: [...accounts],
  closed: (known?.accounts ?? []).filter((account) => !accounts.includes(account)),
});

const tooMany = (owner: string, count: number): NodeError =>
  new NodeError(
    'solana.tooManyAccounts',
    `${owner} has ${count} token accounts, and a watch follows ${MOST}. Name a mint, or set tokenAccounts to false and list accounts as addresses.`,
  );
