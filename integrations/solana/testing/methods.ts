/** Methods of JSON-RPC, answered from a chain as one provider sees it. */

import { readHeld, readMint } from '../chain/mint.ts';
import { toBase58 } from '../notation/base58.ts';
import type { Landed, TestChain } from './chain.ts';
import { blockTimeOf } from './shown-transaction.ts';
import type { SvmAccount } from './svm.ts';

/** How far behind a provider is, in blocks. */
export interface View {
  readonly lag: number;
}

type Params = readonly unknown[];

/** A refusal in the form of JSON-RPC. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Answers of a provider that tells the truth. Sending is the server's. */
export function answer(chain: TestChain, { lag }: View, method: string, params: Params): unknown {
  const slot = Math.max(0, chain.tip().slot - lag);
  const height = Math.max(0, chain.tip().height - lag);
  const steady = { slot: chain.changedAt() };
  switch (method) {
    case 'getGenesisHash':
      return chain.genesisHash;
    case 'getLatestBlockhash': {
      const { blockhash, height: at } = chain.blockhash(lag);
      return { context: { slot }, value: { blockhash, lastValidBlockHeight: at + 150 } };
    }
    case 'getEpochInfo': {
      const behind = commitmentOf(params) === 'finalized' ? chain.finalAfter : 0;
      return {
        absoluteSlot: slot - behind,
        blockHeight: height - behind,
        epoch: 1,
        slotIndex: 0,
        slotsInEpoch: 432_000,
      };
    }
    case 'getBalance':
      requireSlot(params, slot);
      return { context: { slot }, value: { exact: chain.svm.account(params[0] as string)?.lamports ?? 0n } };
    case 'getMultipleAccounts':
      requireSlot(params, slot);
      return {
        // Whoever asks for a slot wants to know where the provider is; others compare accounts with a simulation.
        context: leastSlot(params) === 0 ? steady : { slot },
        value: (params[0] as string[]).map((address) => shown(chain.svm.account(address))),
      };
    case 'getTokenAccountsByOwner':
      return { context: steady, value: [] };
    case 'getMinimumBalanceForRentExemption':
      return Number(chain.svm.rent(params[0] as number));
    case 'getFeeForMessage':
      return { context: { slot }, value: 5_000 };
    case 'simulateTransaction':
      return { context: steady, value: simulated(chain, params) };
    case 'getTransaction':
      return transactionOf(chain, slot, params);
    case 'getFirstAvailableBlock':
      return 0;
    case 'getSignaturesForAddress':
      return historyOf(chain, slot, params);
    case 'getSignatureStatuses':
      return { context: { slot }, value: (params[0] as string[]).map((one) => status(chain, one, slot)) };
    default:
      throw new RpcError(-32_601, `Method not found: ${method}`);
  }
}

function requireSlot(params: Params, slot: number): void {
  if (leastSlot(params) > slot) throw new RpcError(-32_016, 'Minimum context slot has not been reached');
}

const leastSlot = (params: Params): number => (params[1] as { minContextSlot?: number }).minContextSlot ?? 0;

const commitmentOf = (params: Params): string =>
  (params.at(-1) as { commitment?: string } | undefined)?.commitment ?? 'finalized';

/** Whether a provider shows what landed there, at a commitment: it confirms after a block, and is final after some. */
const isShown = (chain: TestChain, landed: Landed, slot: number, commitment: string): boolean =>
  slot - landed.slot >= (commitment === 'finalized' ? chain.finalAfter : 1);

function transactionOf(chain: TestChain, slot: number, params: Params): unknown {
  const [signature, { maxSupportedTransactionVersion: newest }] = params as [string, Record<string, number>];
  const landed = chain.find(signature);
  if (!landed || !isShown(chain, landed, slot, commitmentOf(params))) return null;
  const shown = landed.shown() as { readonly version?: unknown } | null;
  if (typeof shown?.version === 'number' && shown.version > (newest ?? -1))
    throw new RpcError(-32_015, `Transaction version (${shown.version}) is not supported by the requesting client.`);
  return shown;
}

/**
 * The newest first. `before` is a place in the chain, whether or not its transaction is one of the address; a signature that
 * is not known as `until` is ignored, as real providers do.
 */
function historyOf(chain: TestChain, slot: number, params: Params): unknown {
  const [address, options] = params as [string, { limit?: number; before?: string; until?: string }];
  const before = options.before === undefined ? null : chain.find(options.before);
  if (before === undefined || (before && before.slot > slot)) return [];
  const newest = chain
    .historyOf(address)
    .filter((landed) => isShown(chain, landed, slot, commitmentOf(params)) && (!before || landed.place < before.place))
    .toReversed();
  const end = newest.findIndex((one) => one.signature === options.until);
  return newest.slice(0, Math.min(options.limit ?? 1_000, end < 0 ? newest.length : end)).map((one) => ({
    ...{ signature: one.signature, slot: one.slot, err: one.err, memo: null },
    ...{ blockTime: blockTimeOf(one.slot), confirmationStatus: commitmentOf(params) },
  }));
}

function status(chain: TestChain, signature: string, slot: number) {
  const landed = chain.find(signature);
  if (!landed || landed.slot > slot) return null;
  const age = slot - landed.slot;
  const confirmationStatus = age >= chain.finalAfter ? 'finalized' : age >= 1 ? 'confirmed' : 'processed';
  const { err } = landed;
  return {
    slot: landed.slot,
    confirmations: null,
    err,
    status: err === null ? { Ok: null } : { Err: err },
    confirmationStatus,
  };
}

function simulated(chain: TestChain, params: Params) {
  const wire = Buffer.from(params[0] as string, 'base64');
  const wanted = (params[1] as { accounts?: { addresses: string[] } }).accounts?.addresses ?? [];
  const { err, logs, units, after } = chain.svm.simulate(wire);
  const accounts = wanted.map((address) => shown(after.get(address) ?? chain.svm.account(address)));
  return { err, logs, unitsConsumed: Number(units), accounts: err === null ? accounts : null };
}

/** An account in base64. Amounts beyond 2^53 are written with every digit, as real nodes do. */
function shown(account: SvmAccount | null) {
  if (account === null || account.lamports === 0n) return null;
  return {
    lamports: { exact: account.lamports },
    owner: account.owner,
    data: [Buffer.from(account.data).toString('base64'), 'base64'],
    executable: account.executable,
    rentEpoch: 0,
    space: account.data.length,
  };
}

/** Token accounts of an owner among addresses that a test knows, parsed as nodes do. */
export function holdings(chain: TestChain, owner: string, program: string, known: Iterable<string>) {
  return [...known].flatMap((pubkey) => {
    const account = chain.svm.account(pubkey);
    const held = account && account.owner === program ? readHeld(account) : null;
    if (!account || !held || toBase58(account.data.subarray(32, 64)) !== owner) return [];
    const mint = chain.svm.account(held.mint);
    const decimals = (mint && readMint(mint))?.decimals ?? 0;
    const tokenAmount = { amount: String(held.amount), decimals, uiAmountString: '' };
    const info = { mint: held.mint, owner, tokenAmount };
    return [{ pubkey, account: { owner: program, data: { parsed: { info, type: 'account' }, program: 'spl-token' } } }];
  });
}
