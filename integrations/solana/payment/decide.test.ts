import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptState, PaymentAttempt } from '../../payments.ts';
import type { SignatureStatus } from '../chain/port.ts';
import { type Decision, decide, type Facts, MOST_ATTEMPTS, type Report } from './decide.ts';

const HORIZON = 400n;

const attempt = (no: number, state: AttemptState): PaymentAttempt => ({
  no,
  signature: `sig-${no}`,
  wire: new Uint8Array(),
  blockhash: 'hash',
  horizon: HORIZON,
  fee: 5_000n,
  cost: 5_000n,
  receipt: null,
  state,
  proof: null,
});

const status = (
  commitment: SignatureStatus['commitment'],
  error: SignatureStatus['error'] = null,
): SignatureStatus => ({
  slot: 1_100n,
  error,
  commitment,
});

/** What a provider says: where the chain is for good, how far it was about signatures, and what it knows of each. */
const report = (
  provider: string,
  known: Record<string, SignatureStatus | null>,
  {
    height = 100n,
    slot = height + 1_500n,
    receipts = null,
  }: { height?: bigint; slot?: bigint; receipts?: Report['receipts'] } = {},
): Report => ({
  ...{ provider, slot, receipts },
  final: { height, slot: height + 1_000n },
  statuses: new Map(Object.entries(known)),
});

const after = HORIZON + 1n;
const facts = (given: Partial<Facts>): Facts => ({
  attempts: [attempt(1, 'sent')],
  reports: [],
  providers: 2,
  decidedNo: 0,
  ...{ isCancelled: false, isAbandoned: false },
  ...given,
});
/** An attempt that makes a receipt. */
const bound: PaymentAttempt = { ...attempt(1, 'sent'), receipt: 'receipt' };
const dead = (provider: string) => report(provider, { 'sig-1': null }, { height: after });
const fails = (provider: string, commitment: SignatureStatus['commitment'] = 'finalized') =>
  report(provider, { 'sig-1': status(commitment, { InstructionError: [1, { Custom: 1 }] }) });
const decided = (given: Partial<Facts>): Decision['do'] => decide(facts(given)).do;

describe('a payment', () => {
  it('is signed first, and its bytes are sent until they have landed for good', () => {
    expect(decide(facts({ attempts: [] }))).toEqual({ do: 'sign', no: 1 });
    expect(decided({ attempts: [attempt(1, 'signed')] })).toBe('send');
    expect(decided({ reports: [report('a', { 'sig-1': null })] })).toBe('send');
    expect(decided({ reports: [report('a', { 'sig-1': status('confirmed') })] })).toBe('watch');
    expect(decided({ reports: [report('a', { 'sig-1': status('finalized') })] })).toBe('paid');
  });

  it('goes on sending the same bytes when they vanish with a fork', () => {
    expect(decided({ reports: [report('a', { 'sig-1': status('processed') })] })).toBe('watch');
    expect(decided({ reports: [report('a', { 'sig-1': null })] })).toBe('send');
  });

  it('is sent again to whoever does not know it, while another one says that it was seen', () => {
    const [lies, honest] = [report('a', { 'sig-1': status('confirmed') }), report('b', { 'sig-1': null })];
    expect(decided({ reports: [lies, honest] })).toBe('send');
    expect(decided({ reports: [fails('a'), honest] })).toBe('send');
    expect(decided({ reports: [lies, dead('b')] })).toBe('watch');
  });

  it('has failed only when the failure is final', () => {
    expect(decided({ reports: [fails('a', 'confirmed'), fails('b', 'confirmed')] })).toBe('watch');
    expect(decided({ reports: [fails('a'), fails('b')] })).toBe('failed');
  });

  it('has not failed by the word of one provider alone, and not if anybody says anything else', () => {
    for (const other of [
      [],
      [report('b', { 'sig-1': null }, { height: after })],
      [report('b', { 'sig-1': status('confirmed') })],
      [fails('b', 'confirmed')],
      [fails('a')],
    ])
      expect(decided({ reports: [fails('a'), ...other] })).toBe('watch');
    const disputed = [fails('a'), fails('b'), report('c', { 'sig-1': status('processed') })];
    expect(decided({ providers: 3, reports: disputed })).toBe('watch');
    expect(decide(facts({ providers: 1, reports: [fails('a')] }))).toMatchObject({ do: 'review', why: 'oneProvider' });
    expect(decided({ providers: 1, reports: [fails('a')], attempts: [bound] })).toBe('failed');
  });

  it('is paid if the ledger says so, whatever providers have forgotten since', () => {
    const landed = { ...attempt(1, 'landed'), proof: ['seen'] };
    const reports = [dead('a'), dead('b')];
    expect(decide(facts({ attempts: [landed], reports }))).toEqual({ do: 'paid', attempt: landed, proof: ['seen'] });
  });

  it('gets new bytes only when two providers prove that the old ones are dead', () => {
    expect(decided({ reports: [dead('a')] })).toBe('watch');
    expect(decided({ reports: [dead('a'), dead('b')] })).toBe('expire');
    expect(decide(facts({ attempts: [attempt(1, 'expired')] }))).toEqual({ do: 'sign', no: 2 });
  });

  it('gets none while one provider is asked at two addresses', () => {
    expect(decided({ reports: [dead('a'), dead('a')] })).toBe('watch');
  });

  it('goes to a person when it is so old that providers may have thrown its blocks away', () => {
    const at = (height: bigint) => ['a', 'b'].map((name) => report(name, { 'sig-1': null }, { height }));
    expect(decided({ reports: at(HORIZON + 5_000n) })).toBe('expire');
    expect(decide(facts({ reports: at(HORIZON + 5_001n) }))).toMatchObject({ do: 'review', why: 'tooOld' });
    const [, old] = at(HORIZON + 500_000n);
    expect(decide(facts({ reports: [dead('a'), old!] }))).toMatchObject({ do: 'review', why: 'tooOld' });
  });

  it('is not dead while its receipt exists, or while nobody says whether it does', () => {
    const told = (receipts: Report['receipts'], providers = 1) =>
      decide(
        facts({
          ...{ attempts: [bound], providers },
          reports: ['a', 'b']
            .slice(0, providers)
            .map((name) => report(name, { 'sig-1': null }, { height: after, receipts })),
        }),
      );
    for (const providers of [1, 2]) {
      expect(told(new Set(), providers)).toMatchObject({ do: 'expire' });
      expect(told(null, providers)).toEqual({ do: 'watch' });
      expect(told(new Set(['receipt']), providers)).toMatchObject({ do: 'review', why: 'receiptTaken' });
    }
  });

  it.each<[string, Report]>([
    ['is not past the last block in which they can be', report('b', { 'sig-1': null }, { height: HORIZON })],
    [
      'answered about the signature from an older block',
      report('b', { 'sig-1': null }, { height: after, slot: after + 999n }),
    ],
    ['has seen them', report('b', { 'sig-1': status('processed') }, { height: after })],
    ['does not answer about them', report('b', {}, { height: after })],
  ])('takes no provider for a witness that %s', (_, second) => {
    expect(decided({ reports: [dead('a'), second] })).toBe('watch');
  });

  it('is never made again by the word of one provider alone, unless the chain itself refuses a second one', () => {
    expect(decide(facts({ providers: 1, reports: [dead('a')] }))).toMatchObject({ do: 'review', why: 'oneProvider' });
    const silent = { ...dead('a'), receipts: new Set<string>() };
    expect(decided({ providers: 1, reports: [silent], attempts: [bound] })).toBe('expire');
  });

  it('is paid by an attempt that was taken for dead, if it landed all the same', () => {
    const attempts = [attempt(1, 'expired'), attempt(2, 'sent')];
    const reports = [report('a', { 'sig-1': status('finalized'), 'sig-2': null })];
    expect(decide(facts({ attempts, reports }))).toMatchObject({ do: 'paid', attempt: { no: 1 } });
  });

  it('stops for a person after some attempts, and when its receipt is taken', () => {
    const attempts = Array.from({ length: MOST_ATTEMPTS }, (_, index) => attempt(index + 1, 'expired'));
    expect(decide(facts({ attempts }))).toMatchObject({ do: 'review', why: 'attempts' });
    const taken = status('finalized', { InstructionError: [1, { Custom: 0 }] });
    const reports = ['a', 'b'].map((name) => report(name, { 'sig-1': taken }));
    expect(decide(facts({ reports, attempts: [bound] }))).toMatchObject({ do: 'review', why: 'receiptTaken' });
  });

  it('makes no new transaction once it is cancelled, and says nothing about one that was sent', () => {
    const isCancelled = true;
    expect(decided({ isCancelled, attempts: [] })).toBe('cancel');
    expect(decided({ isCancelled, attempts: [attempt(1, 'signed')] })).toBe('cancel');
    expect(decided({ isCancelled, reports: [report('a', { 'sig-1': null })] })).toBe('send');
    expect(decided({ isCancelled, attempts: [attempt(1, 'expired')] })).toBe('cancel');
  });

  it('gets as many attempts again once a person says that nothing was paid', () => {
    const attempts = Array.from({ length: MOST_ATTEMPTS }, (_, index) => attempt(index + 1, 'expired'));
    const decidedNo = MOST_ATTEMPTS;
    expect(decide(facts({ attempts, decidedNo }))).toEqual({ do: 'sign', no: MOST_ATTEMPTS + 1 });
    const more = [...attempts, ...attempts.map(({ no }) => attempt(MOST_ATTEMPTS + no, 'expired'))];
    expect(decide(facts({ attempts: more, decidedNo }))).toMatchObject({ do: 'review', why: 'attempts' });
  });

  it('is dead by the word of a person and of one provider, and by that of old blocks; a receipt contradicts both', () => {
    const old = (name: string) => report(name, { 'sig-1': null }, { height: HORIZON + 500_000n });
    expect(decided({ providers: 1, decidedNo: 1, reports: [dead('a')] })).toBe('expire');
    expect(decided({ providers: 1, decidedNo: 1, reports: [fails('a')] })).toBe('failed');
    expect(decided({ decidedNo: 1, reports: [old('a'), old('b')] })).toBe('expire');
    expect(decided({ decidedNo: 1, reports: [report('a', { 'sig-1': null })] })).toBe('send');
    const made = { ...dead('a'), receipts: new Set(['receipt']) };
    const disputed = facts({ providers: 1, decidedNo: 1, attempts: [bound], reports: [made] });
    expect(decide(disputed)).toMatchObject({ do: 'review', why: 'receiptTaken' });
  });

  it('is left to a person if nobody watches it any more and the time for proofs is over', () => {
    const at = (height: bigint) => report('a', { 'sig-1': null }, { height });
    const isAbandoned = true;
    expect(decided({ isAbandoned, reports: [at(HORIZON + 5_000n)] })).toBe('watch');
    expect(decide(facts({ isAbandoned, reports: [at(HORIZON + 5_001n)] }))).toMatchObject({
      ...{ do: 'review', why: 'abandoned' },
    });
    const seen = report('a', { 'sig-1': status('confirmed') }, { height: HORIZON + 5_001n });
    expect(decide(facts({ isAbandoned, reports: [seen] }))).toMatchObject({ why: 'abandoned' });
    expect(decided({ isAbandoned, reports: [] })).toBe('send');
    expect(decided({ reports: [at(HORIZON + 5_001n)] })).toBe('watch');
  });

  it('does not count attempts that were never sent', () => {
    const attempts = [1, 2, 3, 4].map((no) => attempt(no, 'discarded'));
    expect(decide(facts({ attempts }))).toEqual({ do: 'sign', no: 5 });
  });
});

/** A chain without any machine: heights, and which signatures landed where. Providers show it late, or lie. */
interface World {
  height: bigint;
  readonly landed: Map<string, bigint>;
  readonly inFlight: { signature: string; at: bigint; until: bigint }[];
}

const LIFE = 150n;
const BEHIND = 32n;
const FINAL = 32n;

interface Turn {
  readonly blocks: number;
  readonly send: 'land' | 'lose' | 'late' | 'never';
  readonly lag: readonly [number, number];
  readonly liar: 'none' | 'null' | 'stale' | 'failed';
}

const turn: fc.Arbitrary<Turn> = fc.record({
  blocks: fc.integer({ min: 0, max: 60 }),
  send: fc.constantFrom('land', 'lose', 'late', 'never'),
  lag: fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 200 })),
  liar: fc.constantFrom('none', 'null', 'stale', 'failed'),
});

const known = (world: World, signature: string, at: bigint): SignatureStatus | null => {
  const landed = world.landed.get(signature);
  if (landed === undefined || landed > at) return null;
  return { slot: landed, error: null, commitment: at - landed >= FINAL ? 'finalized' : 'confirmed' };
};

/** The first provider is honest and at most a little behind; the second one may lie. */
const reportsOf = (world: World, attempts: readonly PaymentAttempt[], { lag, liar }: Turn): Report[] =>
  lag.map((behind, index) => {
    const lies = index === 1 ? liar : 'none';
    const at = world.height - BigInt(behind);
    const height = lies === 'stale' ? 50n : at - FINAL;
    const failure = { slot: at, error: 'failed', commitment: 'finalized' } as const;
    const told = { none: null, stale: null, null: () => null, failed: () => failure }[lies];
    const answers = attempts.map(({ signature }) => [signature, (told ?? known)(world, signature, at)] as const);
    const final = { height, slot: height };
    return { provider: `p${index}`, final, slot: at, statuses: new Map(answers), receipts: null };
  });

function pass(world: World, blocks: number): void {
  world.height += BigInt(blocks);
  for (const { signature, at, until } of world.inFlight.splice(0)) {
    if (at > world.height) world.inFlight.push({ signature, at, until });
    else if (at <= until && !world.landed.has(signature)) world.landed.set(signature, at);
  }
}

function play(turns: readonly Turn[]): { world: World; attempts: PaymentAttempt[]; last: Decision['do'] } {
  const world: World = { height: 1_000n, landed: new Map(), inFlight: [] };
  let attempts: PaymentAttempt[] = [];
  let last: Decision['do'] = 'watch';
  for (const one of turns) {
    const decision = decide(facts({ attempts, reports: reportsOf(world, attempts, one) }));
    last = decision.do;
    if (decision.do === 'sign') {
      // The horizon counts from where the chain is, by the provider that is least behind.
      const horizon = world.height - BigInt(Math.min(...one.lag)) + LIFE + BEHIND;
      attempts = [...attempts, { ...attempt(decision.no, 'signed'), horizon, blockhash: String(world.height) }];
    } else if (decision.do === 'send') {
      const { signature, blockhash } = decision.attempt;
      attempts = attempts.map((each) => (each.signature === signature ? { ...each, state: 'sent' } : each));
      const delay = { land: 1n, late: 100n, lose: null, never: 1_000_000n }[one.send];
      if (delay !== null) world.inFlight.push({ signature, at: world.height + delay, until: BigInt(blockhash) + LIFE });
    } else if (decision.do === 'expire' || decision.do === 'failed') {
      // Whoever asks for a payment that failed gets a new transaction.
      const state = decision.do === 'expire' ? 'expired' : 'failed';
      attempts = attempts.map((each) => (each === decision.attempt ? { ...each, state } : each));
    } else if (decision.do !== 'watch') break;
    pass(world, one.blocks);
  }
  pass(world, 1_000);
  return { world, attempts, last };
}

it('never lets two transactions land, whatever one of two providers says and whatever becomes of what is sent', () => {
  fc.assert(
    fc.property(fc.array(turn, { minLength: 5, maxLength: 120 }), (turns) => {
      const { world, last } = play(turns);
      expect(world.landed.size).toBeLessThanOrEqual(1);
      if (last === 'paid') expect(world.landed.size).toBe(1);
    }),
    { numRuns: 2_000 },
  );
});

it('always ends once providers tell the truth again: it is paid, or a person has to decide', () => {
  const honest: Turn = { blocks: 20, send: 'land', lag: [0, 0], liar: 'none' };
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
      const { world, last } = play([...turns, ...Array.from({ length: 80 }, () => honest)]);
      expect(['paid', 'review']).toContain(last);
      if (last === 'review') expect(world.landed.size).toBe(0);
    }),
    { numRuns: 1_000 },
  );
});
