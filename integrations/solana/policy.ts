import { z } from 'zod';
import { NodeError } from '../error.ts';
import { COST, type PaymentLimit, type PaymentTerms, type Taken, USD } from '../payments.ts';
import { limitUnits, SOL_DECIMALS, toUnits } from './notation/amounts.ts';
import { address, amount, sol } from './notation/fields.ts';
import { feedIds } from './prices/feed-ids.ts';

/** Limits in USD count millionths of a dollar. */
export const USD_DECIMALS = 6;

const usd = () =>
  amount().refine((text) => toUnits(text, USD_DECIMALS) !== null, 'must be an amount of USD with at most 6 decimals');

/** What a wallet may pay without anybody being asked. What it does not allow is refused. */
export const policy = z.strictObject({
  assets: z
    .array(
      z.strictObject({
        asset: z.union([z.literal('SOL'), address()]).describe('`SOL`, or the address of a mint.'),
        perTransaction: amount().describe('The most that one payment may take.'),
        perDay: amount().describe('The most that all payments may take in 24 hours.'),
        perRun: amount().optional().describe('The most that the payments of one run may take.'),
        perRecipient: amount().optional().describe('The most that one recipient may get in 24 hours.'),
        ids: feedIds()
          .optional()
          .describe(
            'What price feeds call the asset, for limits in USD. Default: that follows from the symbol or the mint, if it is known.',
          ),
        receiptFrom: amount()
          .optional()
          .describe(
            'Payments of this amount or more make a receipt account, with which the chain itself refuses a second payment. ' +
              'Default: all do. A receipt holds 0.00089088 SOL of the wallet.',
          ),
      }),
    )
    .max(100)
    .refine((all) => new Set(all.map(({ asset }) => asset)).size === all.length, {
      error: 'names an asset twice: nobody could tell which limits count',
    })
    .describe('What may be paid. An asset that is not listed is refused.'),
  recipients: z
    .union([z.literal('any'), z.array(address()).max(10_000)])
    .describe('Who may be paid: addresses, or `any`.'),
  programs: z
    .array(address())
    .max(1_000)
    .default([])
    .describe(
      'Programs that may be called with the wallet. None by default. What a call takes counts against the limits under `assets`; who gets ' +
        'it is not compared with `recipients`, because only the program knows.',
    ),
  newRecipients: z
    .literal('approve')
    .optional()
    .describe(
      '`approve`: a person has to approve each payment to somebody who is not listed by address and whom the wallet has not paid ' +
        'before; the step waits for that. Default: with a list they are refused, with `any` they are paid.',
    ),
  allow: z
    .array(z.enum(['offCurve', 'transferFee', 'transferHook']))
    .default([])
    .describe(
      'What is refused unless it is named here: recipients that no key can own (`offCurve`), and tokens of which a part goes ' +
        'elsewhere (`transferFee`). Tokens that call a program with each transfer (`transferHook`) cannot be paid yet, also if ' +
        'they are named.',
    ),
  costs: z
    .strictObject({
      perTransaction: sol().describe(
        'The most that fees and rent of one payment may be, in SOL, all its transactions included.',
      ),
      perDay: sol().describe('The most that fees and rent may be in 24 hours, in SOL.'),
    })
    .default({ perTransaction: '0.01', perDay: '0.1' })
    .describe('Limits of fees and rent.'),
  usd: z
    .strictObject({
      perTransaction: usd().describe('The most that one payment may be worth.'),
      perDay: usd().describe('The most that all payments may be worth in 24 hours.'),
      perRun: usd().optional().describe('The most that the payments of one run may be worth.'),
      perRecipient: usd().optional().describe('The most that what one recipient gets in 24 hours may be worth.'),
    })
    .optional()
    .describe(
      'Limits of all assets together, in USD, by a fresh price on which two feeds agree: the upper end of it counts. Without such a ' +
        'price nothing is paid. The connection of the wallet names the feeds as `prices`.',
    ),
  until: z.iso.datetime().optional().describe('From this moment on nothing is paid.'),
});

/** A policy, as it is stored. */
export type Policy = z.output<typeof policy>;

type Asset = Policy['assets'][number];

/** What a policy says about a payment that it allows. */
export interface Allowed {
  readonly limits: readonly PaymentLimit[];
  /** The payment must make a receipt account. */
  readonly needsReceipt: boolean;
  /** A person must approve it. */
  readonly needsApproval: boolean;
}

/** A payment that the policy refuses. */
export const refused = (message: string, details?: Record<string, string>): NodeError =>
  new NodeError('solana.policy', message, details ? { details } : {});

/**
 * Compares a payment with the policy of its wallet.
 *
 * @param given null: the wallet has no policy, so nothing is allowed
 * @param isKnown the wallet has paid this recipient before
 * @throws NodeError `solana.policy`
 */
export function judge(given: Policy | null, terms: PaymentTerms, now: Date, isKnown: boolean): Allowed {
  const { asset: name, recipient, connection } = terms;
  const where = whereOf(connection);
  const { recipients, newRecipients, ...allowed } = inForce(given, connection, now);
  const asset = listed(allowed, name, connection);
  const isListed = recipients !== 'any' && recipients.includes(recipient);
  if (recipients !== 'any' && !isListed && newRecipients !== 'approve')
    throw refused(`${recipient} is not among the recipients that ${where} allows.`, { recipient });
  const units = reader(asset, terms.decimals, where);
  if (terms.amount > units('perTransaction')!) throw tooMuch(asset, where);
  return {
    limits: [...limitsOf(name, units), costLimit(allowed), ...usdLimits(allowed)],
    needsReceipt: terms.amount >= (units('receiptFrom') ?? 0n),
    needsApproval: newRecipients === 'approve' && !isListed && !isKnown,
  };
}

/**
 * Compares a call of a program with the policy of its wallet: each asset of which it takes something must be allowed, and
 * within its limits.
 *
 * @throws NodeError `solana.policy`
 */
export function judgeCall(
  given: Policy | null,
  terms: Pick<PaymentTerms, 'recipient' | 'connection'>,
  taken: readonly Taken[],
  now: Date,
): Allowed {
  const allowed = judgeProgram(given, terms, now);
  const where = whereOf(terms.connection);
  const judged = taken.map(({ asset: name, amount: most, decimals }) => {
    const asset = listed(allowed, name, terms.connection);
    const units = reader(asset, decimals, where);
    if (most > units('perTransaction')!) throw tooMuch(asset, where);
    return { limits: limitsOf(name, units), needsReceipt: most >= (units('receiptFrom') ?? 0n) };
  });
  return {
    limits: [...judged.flatMap(({ limits }) => limits), costLimit(allowed), ...usdLimits(allowed)],
    // Of a call that takes nothing, nobody has said from which amount on it is small.
    needsReceipt: judged.length === 0 || judged.some(({ needsReceipt }) => needsReceipt),
    needsApproval: false,
  };
}

/**
 * Whether the policy of a wallet allows a program at all.
 *
 * @returns the policy
 * @throws NodeError `solana.policy`
 */
export function judgeProgram(
  given: Policy | null,
  { recipient, connection }: Pick<PaymentTerms, 'recipient' | 'connection'>,
  now: Date,
): Policy {
  const allowed = inForce(given, connection, now);
  if (allowed.programs.includes(recipient)) return allowed;
  throw refused(`${recipient} is not among the programs that ${whereOf(connection)} allows.`, { program: recipient });
}

const whereOf = (connection: string): string => `the policy of the wallet "${connection}"`;

/** The policy, if there is one and it has not ended. */
function inForce(given: Policy | null, connection: string, now: Date): Policy {
  if (given === null) throw refused(`The wallet "${connection}" has no policy, so it may pay nothing. Give it one.`);
  if (given.until !== undefined && Date.parse(given.until) <= now.getTime())
    throw refused(`What ${whereOf(connection)} allows ended at ${given.until}.`);
  return given;
}

/** @throws NodeError `solana.policy` if an asset is not allowed */
export function listed({ assets }: Pick<Policy, 'assets'>, name: string, connection: string): Asset {
  const asset = assets.find((one) => one.asset === name);
  if (asset) return asset;
  throw refused(`${name} is not among the assets that ${whereOf(connection)} allows.`);
}

const tooMuch = ({ asset, perTransaction }: Asset, where: string): NodeError =>
  refused(`The payment is above ${perTransaction} ${asset}, the most for one payment that ${where} allows.`);

const costLimit = ({ costs }: Pick<Policy, 'costs'>): PaymentLimit => ({
  ...{ asset: COST, within: 'day' },
  most: toUnits(costs.perDay, SOL_DECIMALS)!,
});

function limitsOf(asset: string, units: (limit: Limit) => bigint | null): PaymentLimit[] {
  const perRun = units('perRun');
  const perRecipient = units('perRecipient');
  return [
    { asset, within: 'day', most: units('perDay')! },
    ...(perRun === null ? [] : [{ asset, within: 'run', most: perRun } as const]),
    ...(perRecipient === null ? [] : [{ asset, within: 'recipient', most: perRecipient } as const]),
  ];
}

function usdLimits({ usd: limits }: Pick<Policy, 'usd'>): PaymentLimit[] {
  if (limits === undefined) return [];
  const { perDay: day, perRun: run, perRecipient: recipient } = limits;
  return Object.entries({ day, run, recipient }).flatMap(([within, text]) =>
    text === undefined
      ? []
      : [{ asset: USD, within: within as PaymentLimit['within'], most: toUnits(text, USD_DECIMALS)! }],
  );
}

type Limit = 'perTransaction' | 'perDay' | 'perRun' | 'perRecipient' | 'receiptFrom';

/** Reads limits of an asset in base units; null if there is no such limit. */
const reader =
  (asset: Asset, decimals: number, where: string) =>
  (limit: Limit): bigint | null => {
    const text = asset[limit];
    if (text === undefined) return null;
    const units = limitUnits(text, decimals);
    if (units === null)
      throw refused(`${limit} of ${asset.asset} in ${where} is "${text}", but the asset has ${decimals} decimals.`);
    return units;
  };

/** What is unusual about a payment. */
export interface Unusual {
  /** No key can own the recipient's address. */
  readonly offCurve: boolean;
  readonly transferFee: boolean;
  readonly transferHook: boolean;
}

const WHY: Readonly<Record<keyof Unusual, string>> = {
  offCurve: 'The recipient is an address that no key can own, as those of programs are.',
  transferFee: 'Of each transfer of this token, a part goes to somebody else.',
  transferHook: 'This token calls a program with each transfer.',
};

/** @throws NodeError `solana.refused` for whatever is unusual and not allowed by name */
export function refuseUnusual(given: Pick<Policy, 'allow'> | null, unusual: Unusual): void {
  for (const kind of Object.keys(WHY) as (keyof Unusual)[]) {
    if (!unusual[kind]) continue;
    // The accounts that the program asks for would have to be found and added.
    const isPossible = kind !== 'transferHook';
    if (isPossible && given?.allow.includes(kind)) continue;
    const remedy = isPossible
      ? `Name "${kind}" under "allow" in the wallet's policy to allow it.`
      : 'Blok cannot pay such tokens yet, whatever the policy allows.';
    throw new NodeError('solana.refused', `${WHY[kind]} ${remedy}`, { details: { kind } });
  }
}

/** @throws NodeError `solana.policy` if fees and rent are above what one payment may cost */
export function refuseCost(given: Policy | null, cost: bigint): void {
  const most = toUnits(given?.costs.perTransaction ?? '0', SOL_DECIMALS)!;
  if (cost > most)
    throw refused(`Fees and rent may reach ${cost} lamports, and the wallet's policy allows ${most} for one payment.`);
}
