import { FINAL_AFTER, type History } from './history.ts';
import type { Landed } from './landed.ts';

/** How a provider of a scripted chain differs from a good one. Everything may be changed at any time. */
export interface Faults {
  /** How many slots it is behind. */
  lag: number;
  /** It does not look at `minContextSlot`. */
  ignoresContext: boolean;
  /** It knows nothing of transactions before this slot, and says that this is its first block. */
  prunedBefore: number;
  /** It does not say which is its first block. */
  hidesFirst: boolean;
  /** Transactions that it lists and cannot show. */
  readonly hidden: Set<string>;
  /** Transactions in whose place it shows another one. */
  readonly mistaken: Map<string, string>;
  /** Transactions that it knows neither as `before` nor as `until`. */
  readonly unknown: Set<string>;
  /** Most rows of a page. */
  pageLimit: number;
  /** Refuses lists of calls with this status. */
  batchStatus: number | null;
  /** Answers with this status of HTTP. */
  http: number | null;
  /** Hears nobody. */
  down: boolean;
}

/** A provider without faults. */
export const noFaults = (): Faults => ({
  ...{ lag: 0, ignoresContext: false, prunedBefore: 0, hidesFirst: false, hidden: new Set(), unknown: new Set() },
  mistaken: new Map(),
  ...{ pageLimit: 1_000, batchStatus: null, http: null, down: false },
});

/** An error of JSON-RPC. */
export class RpcError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

interface Options {
  readonly limit?: number;
  readonly before?: string;
  readonly until?: string;
  readonly commitment?: string;
  readonly minContextSlot?: number;
  readonly maxSupportedTransactionVersion?: number;
  readonly transactionDetails?: string;
}

/** Answers a call. @throws RpcError */
export function answerCall(history: History, faults: Faults, method: string, params: readonly unknown[]): unknown {
  const options = (params.at(-1) ?? {}) as Options;
  const behind = options.commitment === 'confirmed' ? 1 : FINAL_AFTER;
  const slot = Math.max(0, history.tip - faults.lag - behind);
  if (!faults.ignoresContext && (options.minContextSlot ?? 0) > slot)
    throw new RpcError(-32_016, 'Minimum context slot has not been reached');
  switch (method) {
    case 'getGenesisHash':
      return history.genesisHash;
    case 'getEpochInfo':
      return { absoluteSlot: slot, blockHeight: slot, epoch: 1, slotIndex: 0, slotsInEpoch: 432_000 };
    case 'getFirstAvailableBlock':
      if (faults.hidesFirst) throw new RpcError(-32_601, 'Method not found');
      return faults.prunedBefore;
    case 'getSignaturesForAddress':
      return page(history, faults, { ...options, address: params[0] as string, slot });
    case 'getTransaction':
      return shown(history, faults, { ...options, signature: params[0] as string, slot });
    case 'getBlock':
      return { blockHeight: params[0], signatures: history.block(params[0] as number).map((one) => one.signature) };
    case 'getSignatureStatuses':
      return { context: { slot }, value: (params[0] as string[]).map((one) => status(history, one, faults)) };
    case 'getTokenAccountsByOwner':
      return { context: { slot }, value: holdings(history, params as never) };
    case 'getMultipleAccounts':
      return { context: { slot }, value: (params[0] as string[]).map((one) => account(history, one)) };
    default:
      throw new RpcError(-32_601, `Method not found: ${method}`);
  }
}

/** A page, the newest first. As real nodes do, a `before` that is unknown gives nothing, and such an `until` is ignored. */
function page(
  history: History,
  faults: Faults,
  { address, slot, before, until, limit = 1_000 }: Options & { readonly address: string; readonly slot: number },
) {
  const knows = (one: Landed | undefined): one is Landed =>
    one !== undefined && one.slot <= slot && one.slot >= faults.prunedBefore && !faults.unknown.has(one.signature);
  const all = history.of(address).filter((one) => one.slot <= slot && one.slot >= faults.prunedBefore);
  const indexOf = (signature: string): number => all.findIndex((one) => one.signature === signature);
  let [from, to] = [0, all.length];
  if (before !== undefined) {
    if (!knows(history.find(before))) return [];
    to = indexOf(before);
  }
  if (until !== undefined && knows(history.find(until))) from = indexOf(until) + 1;
  return all
    .slice(Math.max(from, to - Math.min(limit, faults.pageLimit)), Math.max(from, to))
    .reverse()
    .map(({ signature, slot: at, failed, memo }) => ({
      ...{ signature, slot: at, err: failed ? { InstructionError: [0, { Custom: 1 }] } : null },
      ...{ memo: memo && `[${memo.length}] ${memo}`, blockTime: null, confirmationStatus: 'finalized' },
    }));
}

function shown(
  history: History,
  faults: Faults,
  {
    signature,
    slot,
    maxSupportedTransactionVersion: most,
  }: Options & { readonly signature: string; readonly slot: number },
): unknown {
  const one = history.find(faults.mistaken.get(signature) ?? signature);
  if (!one || one.slot > slot || faults.hidden.has(signature)) return null;
  if (one.version !== 'legacy' && (most === undefined || one.version > most))
    throw new RpcError(-32_015, `Transaction version (${one.version}) is not supported by the requesting client.`);
  return one.answer;
}

function status(history: History, signature: string, faults: Faults) {
  const one = history.find(signature);
  const age = one ? history.tip - faults.lag - one.slot : -1;
  if (!one || age < 0) return null;
  const confirmationStatus = age >= FINAL_AFTER ? 'finalized' : age >= 1 ? 'confirmed' : 'processed';
  return { slot: one.slot, confirmations: null, err: null, status: { Ok: null }, confirmationStatus };
}

function holdings(history: History, [owner, kind]: [string, { mint?: string; programId?: string }]) {
  return history.tokenAccounts
    .filter(
      (one) =>
        one.owner === owner && (kind.mint === undefined ? one.program === kind.programId : one.mint === kind.mint),
    )
    .map((one) => ({
      pubkey: one.account,
      account: { owner: one.program, data: ['', 'base64'], lamports: 2_039_280 },
    }));
}

function account(history: History, address: string) {
  const held = history.accounts.get(address);
  if (!held) return null;
  const { owner, lamports, data } = held;
  return { owner, lamports, data: [Buffer.from(data).toString('base64'), 'base64'], executable: false, rentEpoch: 0 };
}
