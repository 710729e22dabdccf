import { NodeError } from '../../error.ts';
import { type Decimal, formatDecimal } from '../notation/decimal.ts';
import { type Agreement, agreementOf } from './agree.ts';
import type { Feed, Ids, Quote, Refusal } from './feed.ts';
import { type Demands, judgeQuote } from './judge.ts';
import { refusalOf } from './refusal.ts';

/** What is wanted of a price. */
export interface PriceWish extends Demands {
  /** The asset, for people. */
  readonly asset: string;
  readonly ids: Ids;
  /** How many feeds must agree. */
  readonly agree: number;
  /** How far their prices may be apart, in percent. */
  readonly maxSpread: Decimal;
}

/** A price that may be relied on, and which feeds had no part in it. */
export interface AgreedPrice extends Agreement {
  readonly refusals: readonly Refusal[];
}

/**
 * Asks all feeds at once, and takes the median of those that agree. Feeds that cannot be relied on now do no harm as long as
 * enough others agree.
 *
 * @throws NodeError `price.*`, named after the first feed that is refused, if too few agree; the reason of `signal`
 */
export async function agreedPrice(
  { feeds, signal, now }: { readonly feeds: readonly Feed[]; readonly signal: AbortSignal; readonly now: () => number },
  wish: PriceWish,
): Promise<AgreedPrice> {
  const asked = feeds.filter(({ name }) => wish.ids[name] !== undefined);
  if (asked.length < wish.agree) throw tooFew(asked, wish);
  const answers = await Promise.all(
    asked.map(({ name, quote }) => quote(wish.ids[name]!).catch((error: unknown) => refusalOf(name, error))),
  );
  signal.throwIfAborted();
  const judged = answers.map((answer) => ('reason' in answer ? answer : (judgeQuote(answer, wish, now()) ?? answer)));
  const refusals = judged.filter((one): one is Refusal => 'reason' in one);
  const quotes = judged.filter((one): one is Quote => 'price' in one);
  const agreement = agreementOf(quotes, wish.agree, wish.maxSpread);
  if (!agreement) throw noPrice(wish, quotes, refusals);
  const apart = quotes.filter((quote) => !agreement.quotes.includes(quote)).map((quote) => apartFrom(quote, agreement));
  return { ...agreement, refusals: [...refusals, ...apart] };
}

const apartFrom = ({ feed, price }: Quote, agreement: Agreement): Refusal => ({
  feed,
  reason: 'disagree',
  message: `Its price is ${formatDecimal(price)}, and the others agree on ${formatDecimal(agreement.price)}.`,
  retryable: true,
});

const tooFew = (asked: readonly Feed[], { asset, agree }: PriceWish): NodeError =>
  new NodeError(
    'input.invalid',
    `${agree} feeds must agree on ${asset}, and only ${asked.length} can be asked${
      asked.length === 0 ? '' : ` (${asked.map(({ name }) => name).join(', ')})`
    }. Say in "ids" what other feeds call it, add a feed to the connection, or lower "agree".`,
  );

/** Why there is no price: what each feed said, and whether it helps to ask again. */
function noPrice(
  { asset, agree, maxSpread }: PriceWish,
  quotes: readonly Quote[],
  refusals: readonly Refusal[],
): NodeError {
  const later = refusals.filter(({ retryable }) => retryable);
  const isApart = quotes.length >= agree;
  const reason = isApart ? 'disagree' : refusals[0]!.reason;
  const said = [
    ...quotes.map(({ feed, price }) => `${feed}: ${formatDecimal(price)} USD.`),
    ...refusals.map(({ feed, message }) => `${feed}: ${message}`),
  ];
  const rule = isApart ? ` within ${formatDecimal(maxSpread)} %` : '';
  const wait = isApart ? undefined : waitFor(agree - quotes.length, later);
  return new NodeError(`price.${reason}`, `No price of ${asset}: ${agree} feeds must agree${rule}. ${said.join(' ')}`, {
    retryable: isApart || quotes.length + later.length >= agree,
    ...(wait !== undefined && { retryAfterMs: wait }),
    details: {
      asset,
      feeds: [
        ...quotes.map(({ feed, price, at }) => ({ feed, price: formatDecimal(price), at: new Date(at).toISOString() })),
        ...refusals.map(({ feed, reason: why, message }) => ({ feed, code: `price.${why}`, message })),
      ],
    },
  });
}

/** When enough feeds may be asked again, if they say so. */
function waitFor(missing: number, later: readonly Refusal[]): number | undefined {
  const waits = later.map(({ retryAfterMs = 0 }) => retryAfterMs).sort((a, b) => a - b);
  return waits[missing - 1] || undefined;
}
