/** Payments while everything goes wrong, by seed. */
import { type Random, randomOf } from '../../../scripts/fuzz/random.ts';
import { NodeError } from '../../error.ts';
import type { Payment, Payments } from '../../payments.ts';
import { paymentId, transfer } from '../payment/transfer.ts';
import { HONEST, type Lies } from './provider.ts';
import { fastClock, GENEROUS, orderOf, type Scene, somebody, WITH_RECEIPT } from './scene.ts';

/** What came of a payment, judged from the chain's own ledger. */
export interface Verdict {
  /** How often the recipient was paid. */
  readonly landed: number;
  readonly payment: Payment | null;
  /** How often a worker was killed, and how often two worked at once. */
  readonly kills: number;
  readonly doubles: number;
  readonly receipt: boolean;
}

/** A worker was killed. */
export class Killed extends Error {}

export interface Life {
  dead: boolean;
  /** Once in so many calls the worker dies, before or after the call is done; 0: it lives. */
  readonly once: number;
}

/** The same object, in the hands of a worker that may die with each call. Dead workers do nothing more. */
export function mortal<T extends object>(target: T, life: Life, random: Random): T {
  const die = (): void => {
    if (!life.dead && life.once > 0 && random.once(life.once)) life.dead = true;
    if (life.dead) throw new Killed('killed');
  };
  return new Proxy(target, {
    get(from, key) {
      const value = Reflect.get(from, key) as unknown;
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        die();
        const result = await (value as (...given: unknown[]) => Promise<unknown>).apply(from, args);
        die();
        return result;
      };
    },
  });
}

/** After so many pauses all providers tell the truth for good. */
const LIES_UNTIL = 80;

/** Makes one payment of 0.01 SOL: workers die, two work at once, providers lie, until somebody gets through. */
export async function payInChaos(
  scene: Scene,
  ledger: (step: string) => Payments,
  // Without a limit of its own, the day allows everything.
  { seed, index, perDay = '1000' }: { readonly seed: number; readonly index: number; readonly perDay?: string },
): Promise<Verdict> {
  const random = randomOf(seed, index);
  const receipt = random.once(2);
  const { assets, ...rest } = receipt ? WITH_RECEIPT : GENEROUS;
  const policy = { ...rest, assets: assets.map((one) => ({ ...one, perDay })) };
  const recipient = somebody();
  const step = `pay-${seed}-${index}`;
  const payments = ledger(step);
  const counts = { kills: 0, doubles: 0, pauses: 0 };
  const clock = () =>
    fastClock(() => {
      counts.pauses += 1;
      if (counts.pauses > LIES_UNTIL) tellTruth(scene);
      else if (random.once(8)) tellLies(scene, random);
    });
  const work = async (once: number): Promise<unknown> => {
    const life: Life = { dead: false, once };
    const wallet = await scene.wallet(policy).catch(() => null);
    if (!wallet) return undefined;
    const [first, ...others] = wallet.chain.providers.map((provider) => mortal(provider, life, random));
    const chain = { name: wallet.chain.name, providers: [first!, ...others] as const };
    const ctx = {
      workspace: 'a',
      idempotencyKey: `a/w/call/r/${step}`,
      payments: mortal(payments, life, random),
      signal: new AbortController().signal,
    };
    return transfer(
      ctx,
      { ...wallet, chain: { ...chain, providers: [...chain.providers] } },
      orderOf(recipient, '0.01'),
      clock(),
    );
  };
  tellLies(scene, random);
  for (let life = 0; life < 40; life += 1) {
    if (life > 12) tellTruth(scene);
    const once = life > 12 ? 0 : 4 + random.int(30);
    const isDouble = random.once(4);
    if (isDouble) counts.doubles += 1;
    const workers = await Promise.allSettled([work(once), ...(isDouble ? [work(once)] : [])]);
    const ended = workers.map((one) =>
      one.status === 'fulfilled' ? (one.value === undefined ? 'again' : 'paid') : endOf(one.reason),
    );
    counts.kills += ended.filter((one) => one === 'killed').length;
    if (ended.every((one) => one === 'paid' || one === 'over') && life > 12) break;
    if (ended.every((one) => one === 'paid')) break;
  }
  tellTruth(scene);
  const id = paymentId({ workspace: 'a', idempotencyKey: `a/w/call/r/${step}` }, { payOnce: null }, '');
  const account = scene.chain.svm.account(recipient);
  return {
    landed: Number(account?.lamports ?? 0n) / 10_000_000,
    payment: await payments.read(id),
    kills: counts.kills,
    doubles: counts.doubles,
    receipt,
  };
}

/** What an end means: the step is tried again, or it is over. */
function endOf(error: unknown): 'killed' | 'again' | 'over' {
  if (error instanceof Killed) return 'killed';
  if (error instanceof NodeError) return error.retryable ? 'again' : 'over';
  // The ledger's own word.
  if ((error as { code?: string }).code === 'payment.limit') return 'over';
  throw error;
}

function tellTruth({ providers }: Scene): void {
  for (const { lies } of providers) Object.assign(lies, HONEST);
}

/** One provider lies about what it knows, and all of them may do strange things with bytes. */
function tellLies({ providers, chain }: Scene, random: Random): void {
  tellTruth({ providers } as Scene);
  const send = random.pick<Lies['send']>(['land', 'land', 'lose', 'twice', 'late', 'afterExpiry', 'breakAfter']);
  for (const { lies } of providers) lies.send = send;
  const liar = random.pick(providers).lies;
  const lie = random.pick<Partial<Lies>>([
    {},
    { nullStatus: true },
    { failedStatus: true },
    { confirmedStatus: true },
    { nullStatus: true, oldAccounts: true },
    { staleHeight: Math.max(0, chain.tip().height - 300) },
    { wrongBlockhash: true },
    { shortHorizon: true },
    { lag: 25 },
    { lag: 200 },
    { http: 500 },
    { http: 429 },
    { http: 403 },
    { refuses: -32_005 },
    { refuses: -32_601 },
    { says: '<html>Down for maintenance</html>' },
    { down: true },
  ]);
  Object.assign(liar, lie);
}
