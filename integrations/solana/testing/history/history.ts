/** A chain that tests write: what landed in which slot, without executing anything. */
import { createHash } from 'node:crypto';
import { toBase58 } from '../../notation/base58.ts';
import { type Doing, type Landed, landed } from './landed.ts';

/** Slots until a block is final. */
export const FINAL_AFTER = 32;

/** An account, as it is in the last block. */
export interface HeldAccount {
  readonly owner: string;
  readonly lamports: number;
  readonly data: Uint8Array;
}

/** A scripted chain. */
export class History {
  readonly genesisHash: string = toBase58(createHash('sha256').update('history').digest());
  /** The last block. */
  tip = 1_000;
  /** Token accounts, by owner: those that providers find. */
  readonly tokenAccounts: {
    readonly account: string;
    readonly owner: string;
    readonly mint: string;
    readonly program: string;
  }[] = [];
  readonly accounts = new Map<string, HeldAccount>();
  readonly #bySignature = new Map<string, Landed>();
  /** In the order of the chain. */
  readonly #byAccount = new Map<string, Landed[]>();
  readonly #bySlot = new Map<number, Landed[]>();
  readonly #listeners = new Set<(one: Landed) => void>();
  /** What has landed and is not final. */
  #young: Landed[] = [];
  #count = 0;

  /** Puts a transaction into the last block. */
  land(doing: Doing): Landed {
    this.#count += 1;
    const signature = signatureOf(this.#count);
    const one = landed(doing, { signature, slot: this.tip });
    this.#bySignature.set(signature, one);
    for (const account of one.accounts) append(this.#byAccount, account, one);
    append(this.#bySlot, one.slot, one);
    this.#young.push(one);
    return one;
  }

  /** Makes blocks. */
  advance(slots = 1): void {
    this.tip += slots;
    const final = this.#young.filter((one) => one.slot + FINAL_AFTER <= this.tip);
    this.#young = this.#young.filter((one) => !final.includes(one));
    for (const one of final) for (const tell of this.#listeners) tell(one);
  }

  /** Makes everything final that has landed. */
  finalize(): void {
    this.advance(FINAL_AFTER + 1);
  }

  /** The chain went on without the block in which this transaction was. */
  drop({ signature, slot, accounts }: Landed): void {
    this.#bySignature.delete(signature);
    remove(this.#young, signature);
    for (const account of accounts) remove(this.#byAccount.get(account), signature);
    remove(this.#bySlot.get(slot), signature);
  }

  find(signature: string): Landed | undefined {
    return this.#bySignature.get(signature);
  }

  /** What concerns an account, in the order of the chain. */
  of(account: string): readonly Landed[] {
    return this.#byAccount.get(account) ?? [];
  }

  block(slot: number): readonly Landed[] {
    return this.#bySlot.get(slot) ?? [];
  }

  /** Tells of each transaction that becomes final. @returns ends that */
  listen(tell: (one: Landed) => void): () => void {
    this.#listeners.add(tell);
    return () => void this.#listeners.delete(tell);
  }
}

/** A signature that looks like any other, and is the same each time the script is run. */
const signatureOf = (count: number): string => {
  const half = createHash('sha256').update(`transaction ${count}`).digest();
  return toBase58(Buffer.concat([half, createHash('sha256').update(half).digest()]));
};

function append<K>(lists: Map<K, Landed[]>, key: K, one: Landed): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}

function remove(list: Landed[] | undefined, signature: string): void {
  const at = list?.findIndex((one) => one.signature === signature) ?? -1;
  if (at >= 0) list!.splice(at, 1);
}
