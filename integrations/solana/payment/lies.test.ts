import { describe, expect, it } from 'vitest';
import { failure } from '../../testing/run-node.ts';
import { usePaying } from '../testing/paying.ts';
import { HONEST } from '../testing/provider.ts';
import { fastClock, GENEROUS, orderOf, payingStep, somebody, WITH_RECEIPT } from '../testing/scene.ts';
import { transfer } from './transfer.ts';

const at = usePaying();
const { holds, last, lie, pay } = at;
const HALF = 500_000_000n;

describe('a payment lands once although', () => {
  it('one provider says that it was confirmed, and has swallowed it: the other one gets the same bytes again', async () => {
    const to = somebody();
    lie({ send: 'lose', confirmedStatus: true }, { send: 'lose' });
    await pay(to, { onPause: () => lie({}, { send: 'land' }) });
    expect([last().attempts.length, holds(to)]).toEqual([1, HALF]);
  });

  it('one provider says that it was confirmed, and forgets it again', async () => {
    const to = somebody();
    lie({ send: 'lose', confirmedStatus: true }, { send: 'lose' });
    let looks = 0;
    await pay(to, {
      onPause: () => {
        looks += 1;
        if (looks === 5) lie({ confirmedStatus: false });
        if (last().attempts[0]?.state === 'expired') lie(HONEST, HONEST);
      },
    });
    expect(last().attempts.map(({ state }) => state)).toEqual(['expired', 'landed']);
    expect(holds(to)).toBe(HALF);
  });

  it('all providers hide it, and answer about its receipt from long ago: nothing new is made', async () => {
    const to = somebody();
    const hidden = { nullStatus: true, oldAccounts: true };
    lie(hidden, hidden);
    // Long enough for everything to be dead that can die.
    const clock = { ...fastClock(), patienceMs: 60_000 };
    const wallet = await at.scene.wallet(WITH_RECEIPT);
    const failed = await failure(transfer(payingStep(at.payments, 'long ago'), wallet, orderOf(to), clock));
    expect(failed).toMatchObject({ code: 'solana.needsPerson', unknown: true });
    expect(last().attempts).toHaveLength(1);
    expect(holds(to)).toBe(HALF);
  });
});

describe('where one provider alone answers before the signature', () => {
  /** How many blocks after the last one the bytes are dead. */
  const left = (): bigint => last().attempts[0]!.horizon - BigInt(at.scene.chain.tip().height);

  it('the signature waits for a second one, so that the bytes can soon be proven dead', async () => {
    const to = somebody();
    lie({}, { down: true });
    let pauses = 0;
    await pay(to, {
      onPause: () => {
        pauses += 1;
        if (pauses === 5) lie({}, { down: false });
        if (pauses < 5) expect(last().attempts).toEqual([]);
      },
    });
    expect(pauses).toBeGreaterThanOrEqual(5);
    expect(left()).toBeLessThan(200n);
    expect(holds(to)).toBe(HALF);
  });

  it('it is signed in the end, with bytes that are not called dead on the word of that one', async () => {
    const to = somebody();
    lie({}, { down: true });
    await pay(to);
    expect(left()).toBeGreaterThan(9_000n);
    expect(holds(to)).toBe(HALF);
  });

  it('nobody is waited for if the receipt keeps a second transaction from paying', async () => {
    const to = somebody();
    lie({}, { down: true });
    let signedAt: number | null = null;
    let pauses = 0;
    await pay(to, {
      policy: WITH_RECEIPT,
      onPause: () => {
        pauses += 1;
        if (last().attempts.length > 0) signedAt ??= pauses;
      },
    });
    expect(signedAt).toBe(1);
    expect(holds(to)).toBe(HALF);
  });
});

describe('a payment is refused that', () => {
  it('goes where nobody could ever pay from, whatever the policy allows', async () => {
    const { fromBase58 } = await import('../notation/base58.ts');
    const { TOKEN, TOKEN_2022 } = await import('../chain/programs.ts');
    const policy = { ...GENEROUS, allow: ['offCurve'] };
    const owner = somebody();
    const content = (length: number): Buffer => {
      const data = Buffer.alloc(length);
      Buffer.from(fromBase58(owner)!).copy(data, 32);
      return data;
    };
    const put = (data: Uint8Array, by: string): string => {
      const address = somebody();
      at.scene.chain.svm.setAccount(address, { lamports: 3_000_000n, data, owner: by, executable: false });
      return address;
    };
    for (const [to, why] of [
      ['1nc1nerator11111111111111111111111111111111', /burned/],
      [TOKEN, /is a program/],
      [put(content(165), TOKEN), new RegExp(`token account of ${owner}`)],
      [put(content(165), TOKEN_2022), /token account/],
      [put(content(82), TOKEN), /mint/],
      ['SysvarC1ock11111111111111111111111111111111', /belongs to a program/],
    ] as const)
      expect(await failure(pay(to, { policy, step: to }))).toMatchObject({
        code: 'solana.refused',
        message: expect.stringMatching(why),
      });
  });
});
