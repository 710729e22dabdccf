import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import { SOL_DECIMALS } from '../notation/amounts.ts';
import { type Caller, callRpc, type RpcCall } from './json-rpc.ts';
import type { Chain, Provider } from './port.ts';
import { TOKEN_PROGRAMS } from './programs.ts';
import { readAccount, readEntry, readHolding, readSimulation, readStatus } from './read.ts';
import { readTransaction, transactionCall } from './transactions/ask.ts';
import { big, field, list, listOf, misshapen, text } from './values.ts';

/** The chain as the providers at these addresses show it, in this order. */
export function openChain(ctx: Caller, urls: readonly string[]): Chain {
  const [first = '', ...others] = urls;
  return { providers: [openProvider(ctx, first), ...others.map((url) => openProvider(ctx, url))] };
}

/** One provider. Every method is one call; nothing is repeated. */
export function openProvider(ctx: Caller, url: string): Provider {
  const call = (method: string, params: Json[], more: Partial<RpcCall> = {}): Promise<Json> =>
    callRpc(ctx, url, { method, params, ...more });
  return {
    name: new URL(url).host,
    genesisHash: async () => text(await call('getGenesisHash', [])),
    latestBlockhash: async () => {
      const value = field(await call('getLatestBlockhash', [{ commitment: 'confirmed' }]), 'value');
      return {
        blockhash: text(field(value, 'blockhash')),
        lastValidHeight: big(field(value, 'lastValidBlockHeight')),
      };
    },
    tip: async (commitment) => {
      const answer = await call('getEpochInfo', [{ commitment }]);
      return { slot: big(field(answer, 'absoluteSlot')), height: big(field(answer, 'blockHeight')) };
    },
    accounts: async (addresses, atLeast) => {
      const options: Json = { ...ENCODED, ...(atLeast !== undefined && { minContextSlot: Number(atLeast) }) };
      const answer = await call('getMultipleAccounts', [[...addresses], options]);
      return { slot: slotOf(answer), accounts: listOf(addresses.length, field(answer, 'value')).map(readAccount) };
    },
    tokensOf: async (owner) => {
      const answers = [];
      for (const programId of TOKEN_PROGRAMS) {
        answers.push(
          await call('getTokenAccountsByOwner', [
            owner,
            { programId },
            { commitment: 'confirmed', encoding: 'jsonParsed' },
          ]),
        );
      }
      return answers.flatMap((answer) => list(field(answer, 'value')).map(readHolding));
    },
    held: async (owner, asset, atLeast) => {
      const final: Json = { commitment: 'finalized', minContextSlot: Number(atLeast) };
      if (asset === 'SOL') {
        const answer = await call('getBalance', [owner, final]);
        return { slot: slotOf(answer), amount: big(field(answer, 'value')), decimals: SOL_DECIMALS };
      }
      const answer = await call('getTokenAccountsByOwner', [
        owner,
        { mint: asset },
        { ...final, encoding: 'jsonParsed' },
      ]);
      const accounts = list(field(answer, 'value')).map(readHolding);
      const amount = accounts.reduce((sum, account) => sum + account.amount, 0n);
      return { slot: slotOf(answer), amount, decimals: accounts[0]?.decimals ?? 0 };
    },
    rent: async (bytes) => big(await call('getMinimumBalanceForRentExemption', [bytes])),
    fee: async (message) => {
      const answer = await call('getFeeForMessage', [encoded(message), { commitment: 'confirmed' }]);
      const value = field(answer, 'value');
      return value === null ? null : big(value);
    },
    recentPrices: async (addresses) =>
      list(await call('getRecentPrioritizationFees', [[...addresses]])).map((one) =>
        big(field(one, 'prioritizationFee')),
      ),
    simulate: async (wire, addresses) => {
      const simulation = readSimulation(
        await call('simulateTransaction', [
          encoded(wire),
          {
            ...ENCODED,
            sigVerify: false,
            replaceRecentBlockhash: true,
            accounts: { encoding: 'base64', addresses: [...addresses] },
          },
        ]),
      );
      // A transaction that would fail changes nothing, so there is nothing to show.
      const isWhole = simulation.error !== null || simulation.accounts.length === addresses.length;
      if (isWhole) return simulation;
      throw misshapen('a simulation without the accounts that were asked for');
    },
    // The node's own repetitions are off: whoever sends decides when bytes leave.
    send: async (wire) => {
      await call('sendTransaction', [encoded(wire), { encoding: 'base64', skipPreflight: true, maxRetries: 0 }]);
    },
    statuses: async (signatures) => {
      const answer = await call('getSignatureStatuses', [[...signatures], { searchTransactionHistory: true }]);
      return { slot: slotOf(answer), statuses: listOf(signatures.length, field(answer, 'value')).map(readStatus) };
    },
    airdrop: async (address, lamports) =>
      text(await call('requestAirdrop', [address, Number(lamports)], { writes: true })),
    transaction: async (signature, commitment) => {
      const asked = callRpc(ctx, url, transactionCall(signature, commitment)).catch(refusalOf);
      const read = readTransaction(await asked, signature);
      if (read instanceof NodeError) throw read;
      return read;
    },
    history: async (address, { limit, commitment, before, until }) => {
      const options: Json = { limit, commitment, ...(before && { before }), ...(until && { until }) };
      return list(await call('getSignaturesForAddress', [address, options])).map(readEntry);
    },
  };
}

/** What a call was refused with, as a value. */
function refusalOf(error: unknown): NodeError {
  if (error instanceof NodeError) return error;
  throw error;
}

const ENCODED = { commitment: 'confirmed', encoding: 'base64' } as const;

const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const slotOf = (answer: Json): bigint => big(field(field(answer, 'context'), 'slot'));
