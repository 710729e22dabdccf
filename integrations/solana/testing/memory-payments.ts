import type { Json } from '../../../graph/json.ts';
import type {
  AttemptState,
  Payment,
  PaymentAttempt,
  PaymentLimit,
  Payments,
  PaymentTerms,
  PlanApproval,
  Share,
} from '../../payments.ts';

/** A refusal of the ledger, with the code that the real one throws. */
const refusal = (code: string): Error => Object.assign(new Error(code), { code });

const ENDED = ['refused', 'cancelled', 'failed'];
const DEAD: readonly AttemptState[] = ['expired', 'failed', 'discarded'];

/** A ledger in memory, for tests that need no database: the rules of the real one, without runs and days. */
export interface MemoryPayments extends Payments {
  readonly all: Map<string, Payment>;
  /** What is held of an asset. */
  held(asset: string): bigint;
  spent(asset: string): bigint;
  stopped: boolean;
  /** Answers of people, by id and hash of a plan. */
  readonly approvals: Map<string, PlanApproval>;
  /** Payments that have been open for long. */
  readonly late: Set<string>;
}

export function memoryPayments(): MemoryPayments {
  const all = new Map<string, Payment>();
  const spending: Share[] = [];
  const sum = (shares: Iterable<Pick<Share, 'asset' | 'amount'>>, asset: string): bigint =>
    [...shares].reduce((total, one) => (one.asset === asset ? total + one.amount : total), 0n);
  const held = (asset: string): bigint =>
    sum(
      [...all.values()].flatMap(({ reserved }) => reserved),
      asset,
    );
  const spent = (asset: string): bigint => sum(spending, asset);
  const change = (id: string, changed: Partial<Payment>): Payment => {
    const next = { ...all.get(id)!, ...changed };
    all.set(id, next);
    return next;
  };
  const changeAttempt = (id: string, no: number, changed: Partial<PaymentAttempt>): void => {
    const { attempts } = all.get(id)!;
    change(id, { attempts: attempts.map((one) => (one.no === no ? { ...one, ...changed } : one)) });
  };
  const endAttempt = (id: string, no: number, state: AttemptState, proof: Json): void => {
    const attempt = all.get(id)!.attempts.find((one) => one.no === no)!;
    const from = state === 'landed' ? ['signed', 'sent', 'expired', 'failed'] : ['signed', 'sent'];
    if (from.includes(attempt.state)) changeAttempt(id, no, { state, proof });
  };
  const ledger: MemoryPayments = {
    all,
    held,
    spent,
    stopped: false,
    approvals: new Map(),
    late: new Set(),
    begin: async (terms, { reserve, limits }) => {
      const found = all.get(terms.id);
      if (found && !sameTerms(found.terms, terms)) throw refusal('payment.conflict');
      if (found && !ENDED.includes(found.state)) return found;
      if (ledger.stopped) throw refusal('payment.stopped');
      if (reserve.length === 0) throw refusal('payment.ended');
      refuseAbove(limits, reserve, (asset) => held(asset) + spent(asset));
      const attempts = found?.attempts ?? [];
      all.set(terms.id, {
        terms,
        state: 'open',
        reserved: reserve,
        attempts,
        decidedNo: found?.decidedNo ?? 0,
        proof: null,
      });
      return all.get(terms.id)!;
    },
    whyNot: async ({ recipient }, { reserve, limits, claims }) => {
      if (ledger.stopped) return { code: 'payment.stopped', message: 'stopped' };
      for (const limit of limits) {
        const some = claims.filter((one) => limit.within !== 'recipient' || one.recipient === recipient);
        const isAbove = isAboveLimit(limit, reserve, (asset) => held(asset) + spent(asset) + sum(some, asset));
        if (isAbove) return { code: 'payment.limit', message: limit.within };
      }
      return null;
    },
    read: async (id) => all.get(id) ?? null,
    hasPaidTo: async ({ wallet, recipient }) =>
      [...all.values()].some(
        ({ terms, state }) => state === 'paid' && terms.wallet === wallet && terms.recipient === recipient,
      ),
    ask: async ({ id, plan }) => {
      const asked = { state: 'asked' as const, by: null, note: null, askedMsAgo: 0, decidedMsAgo: null };
      if (!ledger.approvals.has(`${id} ${plan}`)) ledger.approvals.set(`${id} ${plan}`, asked);
    },
    approval: async (id, plan) => ledger.approvals.get(`${id} ${plan}`) ?? null,
    signing: async (id) => {
      if (ledger.stopped) throw refusal('payment.stopped');
      return all.get(id) ?? null;
    },
    keep: async (id, attempt) => {
      const payment = all.get(id)!;
      if (ledger.stopped) throw refusal('payment.stopped');
      if (payment.state !== 'open' || payment.attempts.some(({ state }) => !DEAD.includes(state))) return;
      const known = payment.attempts.find(({ signature }) => signature === attempt.signature);
      if (known) return void (known.state === 'discarded' && changeAttempt(id, known.no, { state: 'signed' }));
      change(id, { attempts: [...payment.attempts, { ...attempt, state: 'signed', proof: null }] });
    },
    sending: async (id, no) => {
      const { state, attempts } = all.get(id)!;
      const attempt = attempts.find((one) => one.no === no);
      if (state !== 'open' || !attempt || !['signed', 'sent'].includes(attempt.state)) return false;
      if (attempt.state === 'sent') return !ledger.stopped;
      if (ledger.stopped) throw refusal('payment.stopped');
      changeAttempt(id, no, { state: 'sent' });
      return true;
    },
    end: async (id, no, { state, proof }) => endAttempt(id, no, state, proof),
    settle: async (id, { state, proof, spent: took, attempt }) => {
      if (attempt) endAttempt(id, attempt.no, attempt.state, proof);
      const payment = all.get(id)!;
      if (payment.state !== 'open' && payment.state !== 'review') return payment;
      if (state === 'refused' || state === 'cancelled') {
        const isSent = payment.attempts.some((one) => one.state === 'sent' || one.state === 'landed');
        if (isSent || payment.state === 'review') throw refusal('payment.pending');
        const attempts = payment.attempts.map((one) =>
          one.state === 'signed' ? { ...one, state: 'discarded' as const } : one,
        );
        change(id, { attempts });
      }
      if (state === 'failed' && payment.attempts.some((one) => !DEAD.includes(one.state))) return payment;
      if (state === 'review') return change(id, { state, proof });
      spending.push(...took);
      return change(id, { state, proof, reserved: [] });
    },
    abandoned: async (wallet) =>
      [...all.values()].filter(
        (one) => one.terms.wallet === wallet && one.state === 'open' && ledger.late.has(one.terms.id),
      ),
    createWallet: async ({ address }) => ({ address }),
  };
  return ledger;
}

function refuseAbove(
  limits: readonly PaymentLimit[],
  reserve: readonly Share[],
  taken: (asset: string) => bigint,
): void {
  if (limits.some((limit) => isAboveLimit(limit, reserve, taken))) throw refusal('payment.limit');
}

function isAboveLimit(
  { asset, most }: PaymentLimit,
  reserve: readonly Share[],
  taken: (asset: string) => bigint,
): boolean {
  const asked = reserve.find((one) => one.asset === asset)?.amount ?? 0n;
  return taken(asset) + asked > most;
}

const sameTerms = (a: PaymentTerms, b: PaymentTerms): boolean =>
  a.chain === b.chain &&
  a.wallet === b.wallet &&
  a.recipient === b.recipient &&
  a.asset === b.asset &&
  a.amount === b.amount;
