import { divideUp, parseMoney } from '../../../graph/money.ts';
import { type ModelUsage, NO_USAGE } from '../../spending.ts';
import type { ModelPrice } from './price.ts';

/** Tokens that a price is for. */
const MILLION = 1_000_000n;

const MINUTE_MS = 60_000n;

/**
 * What a call costs, in pico-dollars. Exact for prices of up to six decimal places per million tokens, which all are; otherwise
 * rounded up to the next pico-dollar.
 *
 * @param usage as `wholeUsage` returns it
 * @returns null if the call used something that has no price
 */
export function costOf(price: ModelPrice, usage: ModelUsage): bigint | null {
  const charged = chargedPart(price, usage);
  return charged && sumOf(price, charged);
}

/**
 * The most that a call can cost, in pico-dollars, if it uses no more than the estimate: which tokens are written to a cache, and
 * which are reasoning, is known only afterwards.
 *
 * @returns null if nobody knows the price
 */
export function mostOf(price: ModelPrice, estimate: ModelUsage): bigint | null {
  const charged = chargedPart(price, estimate);
  if (charged === null) return null;
  const input = charged.input + charged.cacheRead + charged.cacheWrite;
  let most = 0n;
  for (const kind of ['input', 'cacheRead', 'cacheWrite'] as const)
    for (const reasoning of [0, charged.output]) {
      const cost = sumOf(price, { ...charged, input: 0, cacheRead: 0, cacheWrite: 0, [kind]: input, reasoning });
      if (cost === null) return null;
      if (cost > most) most = cost;
    }
  return most;
}

/**
 * What is charged of a usage: of audio and images, some providers count the tokens, others the time or the number, and both may
 * be known. Null if everything that was used is charged in another unit.
 */
function chargedPart(price: ModelPrice, usage: ModelUsage): ModelUsage | null {
  const hasTokens = price.input !== undefined || price.output !== undefined;
  const seconds = price.minute === undefined ? 0 : (usage.seconds ?? 0);
  const images = price.image === undefined ? 0 : (usage.images ?? 0);
  const charged = { ...(hasTokens ? usage : NO_USAGE), seconds, images };
  return isSomething(usage) && !isSomething(charged) ? null : charged;
}

const isSomething = ({ estimated: _, ...counts }: ModelUsage): boolean =>
  Object.values(counts).some((count) => count > 0);

function sumOf(price: ModelPrice, usage: ModelUsage): bigint | null {
  const tokens = tokensCost(price, usage);
  if (tokens === null) return null;
  const { seconds = 0, images = 0 } = usage;
  const audio = divideUp(BigInt(Math.round(seconds * 1_000)) * amountOf(price.minute), MINUTE_MS);
  return tokens + audio + BigInt(images) * amountOf(price.image);
}

const amountOf = (rate: string | undefined): bigint => (rate === undefined ? 0n : parseMoney(rate)!);

function tokensCost(price: ModelPrice, usage: ModelUsage): bigint | null {
  const { input, cacheRead, cacheWrite, output, reasoning } = usage;
  const isLong = price.long !== undefined && input + cacheRead + cacheWrite > price.long.above;
  const rates = isLong ? price.long! : price;
  const kinds: readonly [number, string | undefined][] = [
    [input, rates.input],
    [cacheRead, rates.cacheRead ?? rates.input],
    [cacheWrite, rates.cacheWrite ?? rates.input],
    [output - reasoning, rates.output],
    [reasoning, rates.reasoning ?? rates.output],
  ];
  let sum = 0n;
  for (const [count, rate] of kinds) {
    if (count === 0) continue;
    if (rate === undefined) return null;
    sum += BigInt(count) * parseMoney(rate)!;
  }
  return divideUp(sum, MILLION);
}

/** More than any call can use. */
const MOST = 1_000_000_000;

/**
 * Usage as whole, sensible numbers, whatever a server reports: a compatible server may leave counts out or make them up.
 */
export function wholeUsage(usage: ModelUsage): ModelUsage {
  const output = whole(usage.output);
  return {
    input: whole(usage.input),
    cacheRead: whole(usage.cacheRead),
    cacheWrite: whole(usage.cacheWrite),
    output,
    reasoning: Math.min(output, whole(usage.reasoning)),
    ...(usage.seconds === undefined ? {} : { seconds: milliseconds(usage.seconds) / 1_000 }),
    ...(usage.images === undefined ? {} : { images: whole(usage.images) }),
    ...(usage.estimated ? { estimated: true } : {}),
  };
}

const positive = (count: number): number => (count > 0 ? Math.min(count, MOST) : 0);
const whole = (count: number): number => Math.ceil(positive(count));
/** Rounded up, but not because 2.003 times 1,000 is a little more than 2,003. */
const milliseconds = (seconds: number): number => Math.ceil(Number((positive(seconds) * 1_000).toFixed(6)));
