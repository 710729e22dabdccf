import type { PaymentQuery } from '../../calls/wallets.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import type { PaymentPage } from '../../wire.ts';

/** Lists the payments of a wallet, each with its transactions, and says whether it paid. */
export async function ledger(
  ctx: CliContext,
  { name, json, ...query }: PaymentQuery & { readonly name: string; readonly json: boolean },
): Promise<number> {
  const page = await ctx.client.payments(name, query);
  if (json) ctx.out(JSON.stringify(page, null, 2));
  else if (page.items.length === 0) ctx.err('No payments.');
  else print(ctx, page);
  return EXIT.ok;
}

const PAID = { yes: '✓ paid', no: '✗ not paid', unknown: '? unknown' } as const;

function print(ctx: CliContext, { items, next }: PaymentPage): void {
  const header = ['', 'amount', 'asset', 'to', 'state', 'since', 'run', 'step'];
  const rows = items.flatMap((payment) => [
    [
      ...[PAID[payment.hasPaid], decimal(payment.amount, payment.decimals), payment.asset, payment.recipient],
      ...[payment.state, payment.createdAt, payment.run, payment.step],
    ],
    ...worthOf(payment).map((line) => [line]),
    ...payment.attempts.map(({ no, state, signature }) => [`  ${no} ${state} ${signature}`]),
  ]);
  for (const line of table(header, rows)) ctx.out(line);
  if (next !== null) ctx.err(`More: add --cursor ${next}`);
}

/** What a payment counts in USD, and by which prices. */
const worthOf = ({ worth }: PaymentPage['items'][number]): string[] =>
  worth === null
    ? []
    : [
        `  counts ${decimal(worth.usd, 6)} USD: ${worth.prices.map(({ asset, high }) => `${asset} at ${high}`).join(', ')}`,
      ];

/** Base units as a decimal text. */
function decimal(units: string, decimals: number): string {
  const digits = units.padStart(decimals + 1, '0');
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${digits.slice(0, digits.length - decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}
