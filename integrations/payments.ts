import type { Json } from '../graph/json.ts';

/** What a payment is to do. Amounts are in base units: lamports, or the smallest unit of a token. */
export interface PaymentTerms {
  /** Names the payment once and for all: 64 hexadecimal digits. */
  readonly id: string;
  /** The chain, by a name that cannot mean another one: `solana:` and the beginning of its genesis hash. */
  readonly chain: string;
  /** Address of the wallet that pays. */
  readonly wallet: string;
  /** Name of the wallet's connection. */
  readonly connection: string;
  readonly recipient: string;
  /** `SOL`, or the address of a mint. */
  readonly asset: string;
  readonly amount: bigint;
  /** Decimals of the asset, for people who read the ledger. */
  readonly decimals: number;
}

/** A price by which an amount of an asset was counted in USD. */
export interface PriceUsed {
  /** The end of the price that was counted, in USD, as a decimal text. */
  readonly high: string;
  /** Decimals of the asset, by which its amount was read. */
  readonly decimals: number;
  /** From this moment on nothing begins by this price. */
  readonly freshUntil: string;
  /** What the feeds said. */
  readonly agreed: Json;
}

/** An amount that is set aside for a payment. Fees and rent are the asset `cost`, in lamports; what it is worth is the asset `usd`. */
export interface Share {
  readonly asset: string;
  readonly amount: bigint;
  /** The price by which it counts among what the payment is worth. */
  readonly price?: PriceUsed | undefined;
}

/** An amount that a payment may take of an asset, and how it is read. */
export interface Taken {
  readonly asset: string;
  readonly amount: bigint;
  readonly decimals: number;
}

/** Where fees and rent are counted. */
export const COST = 'cost';

/** Where what payments are worth is counted: in millionths of a USD. */
export const USD = 'usd';

/** The most that payments may take of an asset: in 24 hours, in a run, or in 24 hours to one recipient. */
export interface PaymentLimit {
  readonly asset: string;
  readonly within: 'day' | 'run' | 'recipient';
  readonly most: bigint;
}

/** What another payment of the wallet would take before. */
export interface Claim {
  readonly recipient: string;
  readonly asset: string;
  readonly amount: bigint;
}

/**
 * `open`: not decided. `paid`, `failed`: on the chain for good. `refused`, `cancelled`: nothing moved and nothing can.
 * `review`: a person must decide, and until then nothing is made.
 */
export type PaymentState = 'open' | 'paid' | 'failed' | 'refused' | 'cancelled' | 'review';

/** `signed`: no byte has left. `sent`: it may land. `expired`: proven that it never will. `discarded`: never sent. */
export type AttemptState = 'signed' | 'sent' | 'expired' | 'failed' | 'landed' | 'discarded';

/** Signed bytes, before anybody else sees them. */
export interface SignedAttempt {
  /** Counts from 1. */
  readonly no: number;
  readonly signature: string;
  /** The whole transaction, as it is sent. */
  readonly wire: Uint8Array;
  readonly blockhash: string;
  /** Above this block height the bytes can never land. */
  readonly horizon: bigint;
  /** Lamports that the network takes, also if the transaction fails. */
  readonly fee: bigint;
  /** Lamports that it costs to land: fee, rent, and what a receipt holds. */
  readonly cost: bigint;
  /** Address of the receipt that the transaction makes. */
  readonly receipt: string | null;
}

/** One transaction of a payment, as the ledger knows it. */
export interface PaymentAttempt extends SignedAttempt {
  readonly state: AttemptState;
  /** What shows that the state is true. */
  readonly proof: Json;
}

/** A payment, as the ledger knows it. */
export interface Payment {
  readonly terms: PaymentTerms;
  readonly state: PaymentState;
  /** What is set aside for it. */
  readonly reserved: readonly Share[];
  readonly attempts: readonly PaymentAttempt[];
  /** Number of the last attempt about which a person decided that it did not pay; 0: nobody has decided. */
  readonly decidedNo: number;
  readonly proof: Json;
}

/** A plan about which a person is asked. */
export interface AskedPlan {
  /** Id of the payment. */
  readonly id: string;
  /** The hash of all that is approved. */
  readonly plan: string;
  readonly chain: string;
  readonly wallet: string;
  /** The plan, for people. */
  readonly shown: Json;
  /** For how long an approval counts. */
  readonly validMs: number;
}

/** What a person said about a plan. */
export interface PlanApproval {
  readonly state: 'asked' | 'approved' | 'declined';
  readonly by: string | null;
  readonly note: string | null;
  readonly askedMsAgo: number;
  readonly decidedMsAgo: number | null;
}

/** How a payment ends. */
export interface EndedPayment {
  readonly state: Exclude<PaymentState, 'open'>;
  readonly proof: Json;
  /** What it took. */
  readonly spent: readonly Share[];
  /** The attempt that ended it. Its proof is that of the payment. */
  readonly attempt?: { readonly no: number; readonly state: 'failed' | 'landed' };
}

/**
 * The ledger of payments: the truth about what was signed, whatever histories say. All decisions that must hold while
 * others decide, too, are made here, in one transaction each.
 */
export interface Payments {
  /**
   * Opens a payment and sets aside what it may take, or returns the one of that id. One that was refused or cancelled, or
   * that failed on the chain, is opened again: nothing of it can land any more.
   *
   * @throws DataError `payment.conflict` (other terms), `payment.limit`, `payment.stopped`, `payment.stalePrice` (the price of
   * a share is not fresh any more), `payment.ended` if it would be opened although nothing is to be set aside
   */
  begin(
    terms: PaymentTerms,
    wants: { readonly reserve: readonly Share[]; readonly limits: readonly PaymentLimit[] },
  ): Promise<Payment>;
  /**
   * Why a payment would not begin now, if other payments took their claims before; null: it would. Nothing is written, so it may be
   * otherwise a moment later.
   */
  whyNot(
    terms: PaymentTerms,
    wants: {
      readonly reserve: readonly Share[];
      readonly limits: readonly PaymentLimit[];
      readonly claims: readonly Claim[];
    },
  ): Promise<{ readonly code: string; readonly message: string } | null>;
  read(id: string): Promise<Payment | null>;
  /** Whether a wallet has paid somebody before. */
  hasPaidTo(terms: Pick<PaymentTerms, 'chain' | 'wallet' | 'recipient'>): Promise<boolean>;
  /** Asks a person about a plan. Asked again, it asks nobody a second time, unless the answer is too old. */
  ask(plan: AskedPlan): Promise<void>;
  /** What was said about a plan, whoever wrote it being known; null: nobody was asked. @throws DataError `payment.unreadable` */
  approval(id: string, plan: string): Promise<PlanApproval | null>;
  /**
   * Notes that somebody signs for a payment for at most so many milliseconds from now, and returns it as it is now. Whoever
   * stops the wallet waits for them.
   *
   * @throws DataError `payment.stopped`
   */
  signing(id: string, forMs: number): Promise<Payment | null>;
  /**
   * Keeps signed bytes, if the payment is open, no other attempt may land, and nobody else was first; otherwise keeps nothing.
   * Only a payment that is read again says which bytes count.
   *
   * @throws DataError `payment.stopped`
   */
  keep(id: string, attempt: SignedAttempt): Promise<void>;
  /**
   * Notes that bytes are about to leave. False if they may not: the payment is closed, or the wallet was stopped after they
   * had been sent.
   *
   * @throws DataError `payment.stopped` if the wallet was stopped before
   */
  sending(id: string, no: number): Promise<boolean>;
  /** Ends an attempt, and not the payment. */
  end(id: string, no: number, ended: { readonly state: 'expired'; proof: Json }): Promise<void>;
  /**
   * Ends a payment, the attempt that ended it, and what is set aside for both. A payment that has ended stays as it is, and
   * one does not fail while another attempt may land.
   *
   * @throws DataError `payment.pending` if it would be cancelled or refused although sent bytes may still land
   */
  settle(id: string, ended: EndedPayment): Promise<Payment>;
  /** Open payments of a wallet that have been open for longer than a step works on one, the oldest first; a few at a time. */
  abandoned(wallet: string, chain: string): Promise<readonly Payment[]>;
  /** Stores the connection of a new wallet. Repeated by the same step, it returns the first one's address. */
  createWallet(wallet: {
    readonly name: string;
    readonly address: string;
    readonly data: Record<string, unknown>;
    /** What may be shown of it. */
    readonly shown: Readonly<Record<string, unknown>>;
  }): Promise<{ readonly address: string }>;
}
