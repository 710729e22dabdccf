import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { formatMoney, parseMoney } from '../../../graph/money.ts';
import { temporaryFolder } from '../../../scripts/testing/temporary-folder.ts';
import { type ModelUsage, NO_USAGE } from '../../spending.ts';
import { costOf, mostOf, wholeUsage } from './cost.ts';
import { type ModelPrice, modelPrice } from './price.ts';
import { createPriceList, readPrices } from './price-list.ts';
import { PRICES } from './table.ts';

const PRICE: ModelPrice = {
  ...{ provider: 'openai', model: 'm', from: '2026-01-01', source: 'test' },
  ...{ input: '2.5', cacheRead: '0.25', cacheWrite: '3.125', output: '15', reasoning: '20' },
};
const cost = (price: ModelPrice, usage: Partial<ModelUsage>): string | null => {
  const amount = costOf(price, { ...NO_USAGE, ...usage });
  return amount === null ? null : formatMoney(amount);
};

describe('what a call costs', () => {
  it('is the sum of its kinds of tokens, each at its own price, to the last digit', () => {
    expect(cost(PRICE, { input: 1 })).toBe('0.0000025');
    expect(cost(PRICE, { cacheRead: 1 })).toBe('0.00000025');
    expect(cost(PRICE, { cacheWrite: 1 })).toBe('0.000003125');
    expect(cost(PRICE, { output: 3, reasoning: 1 })).toBe('0.00005');
    expect(cost(PRICE, { input: 100, cacheRead: 30, cacheWrite: 7, output: 50, reasoning: 20 })).toBe('0.001129375');
  });

  it('counts cached tokens as input, and reasoning as output, where they have no price of their own', () => {
    const { cacheRead: _, cacheWrite: _w, reasoning: _r, ...plain } = PRICE;
    expect(cost(plain, { cacheRead: 1, cacheWrite: 1, output: 1, reasoning: 1 })).toBe('0.00002');
  });

  it('is unknown, and not nothing, if something was used that has no price', () => {
    const { output: _, reasoning: _r, ...input } = PRICE;
    expect(cost(input, { input: 5 })).toBe('0.0000125');
    expect(cost(input, { input: 5, output: 1 })).toBeNull();
    expect(cost(PRICE, { seconds: 1 })).toBeNull();
    expect(cost(PRICE, { images: 1 })).toBeNull();
    expect(cost({ ...PRICE, minute: '1' }, { seconds: 0, input: 1 })).toBe('0.0000025');
  });

  it('counts all tokens of a long prompt at the prices of long prompts', () => {
    const long = { ...PRICE, long: { above: 100, input: '5', output: '22.5' } };
    expect(cost(long, { input: 60, cacheRead: 40, output: 2 })).toBe('0.00019');
    expect(cost(long, { input: 61, cacheRead: 40, output: 2 })).toBe('0.00055');
  });

  it('counts audio by time, rounded up to a pico-dollar, and images by number', () => {
    const price: ModelPrice = { ...PRICE, minute: '0.006', image: '0.04' };
    expect(cost(price, { seconds: 90 })).toBe('0.009');
    expect(cost(price, { seconds: 12.345 })).toBe('0.0012345');
    expect(cost({ ...price, minute: '0.000001' }, { seconds: 0.001 })).toBe('0.000000000017');
    expect(cost(price, { images: 3 })).toBe('0.12');
  });

  it('is charged by tokens or by number, whichever has a price, if the provider says both', () => {
    expect(cost(PRICE, { output: 1_000, images: 1 })).toBe('0.015');
  });

  it('is the same whether calls are summed one by one or at once', () => {
    const count = fc.nat(1_000_000);
    const usages = fc.array(fc.record({ input: count, cacheRead: count, cacheWrite: count, output: count }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(usages, (list) => {
        const single = list.reduce((sum, usage) => sum + costOf(PRICE, { ...NO_USAGE, ...usage })!, 0n);
        const keys = ['input', 'cacheRead', 'cacheWrite', 'output'] as const;
        const all = Object.fromEntries(keys.map((key) => [key, list.reduce((sum, usage) => sum + usage[key], 0)]));
        expect(single).toBe(costOf(PRICE, { ...NO_USAGE, ...all }));
      }),
    );
  });

  it('is never more than the estimate of a call that used no more', () => {
    const count = fc.nat(1_000);
    fc.assert(
      fc.property(count, count, count, count, (input, cached, output, reasoning) => {
        const used = { ...NO_USAGE, input, cacheRead: cached, output: output + reasoning, reasoning };
        const estimate = { ...NO_USAGE, input: input + cached, output: output + reasoning };
        expect(costOf(PRICE, used)! <= mostOf(PRICE, estimate)!).toBe(true);
      }),
    );
  });

  it('is estimated in the units that the provider charges for', () => {
    const [whisper, embedding] = [{ ...PRICE, minute: '0.6' }, PRICE];
    const heard = { ...NO_USAGE, input: 1_000, output: 100, seconds: 60 };
    const { input: _, output: _o, cacheRead: _c, cacheWrite: _w, reasoning: _r, ...byTime } = whisper;
    expect(formatMoney(mostOf(byTime, heard)!)).toBe('0.6');
    expect(formatMoney(mostOf(embedding, heard)!)).toBe('0.005125');
    expect(formatMoney(mostOf(whisper, heard)!)).toBe('0.605125');
    expect(mostOf(byTime, { ...NO_USAGE, input: 1 })).toBeNull();
    expect(mostOf(byTime, NO_USAGE)).toBe(0n);
    const { output: _out, reasoning: _re, ...noOutput } = PRICE;
    expect(mostOf(noOutput, { ...NO_USAGE, input: 1, output: 1 })).toBeNull();
  });
});

describe('usage that a server reports', () => {
  it('becomes whole numbers, whatever it was', () => {
    const odd = {
      input: -5,
      cacheRead: Number.NaN,
      cacheWrite: 1.2,
      output: 3,
      reasoning: 9,
      seconds: 1.00049,
      images: 2.5,
    };
    expect(wholeUsage(odd)).toEqual({
      input: 0,
      cacheRead: 0,
      cacheWrite: 2,
      output: 3,
      reasoning: 3,
      seconds: 1.001,
      images: 3,
    });
    expect(wholeUsage({ ...NO_USAGE, input: Number.POSITIVE_INFINITY }).input).toBe(1_000_000_000);
  });
});

describe('the table of prices', () => {
  it('has a source and a day for each price, and no price twice', () => {
    for (const price of PRICES) {
      expect(modelPrice.safeParse(price).error?.issues ?? [], price.model).toEqual([]);
      expect(price.source).toMatch(/^https:\/\/\S+ \(\d{4}-\d\d-\d\d\)$/);
    }
    const keys = PRICES.map(({ provider, model, from }) => `${provider} ${model} ${from}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has prices that are exact: a token costs a whole number of pico-dollars', () => {
    for (const { long, model, ...price } of PRICES)
      for (const rates of [price, { ...price, ...long }])
        for (const rate of [rates.input, rates.cacheRead, rates.cacheWrite, rates.output, rates.reasoning])
          expect(parseMoney(rate ?? '0')! % 1_000_000n, model).toBe(0n);
  });
});

describe('the list of prices', () => {
  const list = createPriceList();
  const find = (model: string, day = '2026-11-27', provider = 'openai') =>
    list.find({ provider, model, connection: 'c', day });

  it('finds the price that holds on a day', () => {
    expect(find('gpt-5.6-luna', '2026-07-29')?.input).toBe('1');
    expect(find('gpt-5.6-luna', '2026-07-30')?.input).toBe('0.2');
    expect(find('gemini-3.8-flash', '2026-12-31', 'gemini')?.output).toBe('3.75');
    expect(find('gemini-3.8-flash', '2027-01-01', 'gemini')?.output).toBe('7.5');
    expect(find('gpt-5.6-luna', '2026-07-08')).toBeNull();
  });

  it('finds the price of a snapshot by its model', () => {
    expect(find('gpt-5.4-2026-03-05')?.model).toBe('gpt-5.4');
    expect(find('claude-haiku-4-5-20251001', undefined, 'anthropic')?.input).toBe('1');
    expect(find('models/gemini-2.5-pro', undefined, 'gemini')?.input).toBe('1.25');
  });

  it('knows no price of a model that it does not know', () => {
    expect(find('llama-9')).toBeNull();
    expect(find('gpt-5.4-turbo')).toBeNull();
    expect(find('gpt-5.4', undefined, 'anthropic')).toBeNull();
  });

  it('takes the operator’s own prices first, and those of the connection before others', () => {
    const own: ModelPrice = { ...PRICE, model: 'gpt-5.4', input: '1' };
    const mine = createPriceList([own, { ...own, connection: 'local', input: '0' }]);
    const input = (connection: string | null) =>
      mine.find({ provider: 'openai', model: 'gpt-5.4-2026-03-05', connection, day: '2026-11-27' })?.input;
    expect([input('local'), input('other'), input(null)]).toEqual(['0', '1', '1']);
  });
});

describe('a file of the operator’s own prices', () => {
  const folder = temporaryFolder('prices');
  afterAll(folder.remove);
  const write = (text: string): string => {
    const path = join(folder.path, 'prices.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('is read from YAML or JSON', async () => {
    const entry = 'provider: openai, model: llama-9, connection: lab, from: 2026-01-01, source: our own, input: "0.1"';
    expect(await readPrices(write(`prices: [{ ${entry}, output: "0.2" }]`))).toMatchObject([
      { model: 'llama-9', output: '0.2' },
    ]);
    expect(await readPrices(write(JSON.stringify({ prices: [PRICE] })))).toEqual([PRICE]);
  });

  it.each([
    ['prices: [{ provider: openai, model: m, from: 2026-01-01, source: s, input: 0.1 }]', /prices\.0\.input/],
    ['prices: [{ provider: openai, model: m, from: soon, source: s }]', /prices\.0\.from: must be a day/],
    ['prices: [{ provider: openai, model: m, from: 2026-01-01, source: s, inputs: "1" }]', /inputs/],
    ['{', /cannot be read/],
    ['[]', /file: /],
  ])('says what is wrong with it: %s', async (text, message) => {
    await expect(readPrices(write(text))).rejects.toThrow(message);
  });

  it('says so if it is not there', async () => {
    await expect(readPrices(join(folder.path, 'none.yaml'))).rejects.toThrow(/none\.yaml cannot be read/);
  });
});
