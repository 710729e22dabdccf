import type { CliContext } from '../../context.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';

/** Lists the payments of a wallet that wait for a person, with what is asked. */
export async function listApprovals(
  ctx: CliContext,
  given: { readonly name: string; readonly json: boolean; readonly limit: number; readonly cursor?: string },
): Promise<number> {
  const { name, json, ...query } = given;
  const page = await ctx.client.walletApprovals(name, query);
  if (json) ctx.out(JSON.stringify(page, null, 2));
  else if (page.items.length === 0) ctx.err('No payment waits for a person.');
  else {
    const rows = page.items.map(({ payment, plan, shown, run, step, askedAt }) => [
      ...[shown.amount, shown.asset, shown.recipient].map(String),
      ...[askedAt, run, step, `${payment} --plan ${plan}`],
    ]);
    for (const line of table(['amount', 'asset', 'to', 'since', 'run', 'step', 'payment'], rows)) ctx.out(line);
    if (page.next !== null) ctx.err(`More: add --cursor ${page.next}`);
  }
  return EXIT.ok;
}

/** Approves or declines one plan of a payment. */
export async function decidePlan(
  ctx: CliContext,
  given: {
    readonly name: string;
    readonly payment: string;
    readonly verb: 'approve' | 'decline';
    readonly plan: string;
    readonly note?: string;
    readonly json: boolean;
  },
): Promise<number> {
  const { name, payment, verb, plan, note, json } = given;
  const { approvePayment, declinePayment } = ctx.client;
  const decide = verb === 'approve' ? approvePayment : declinePayment;
  const decided = await decide(name, payment, { plan, ...(note !== undefined && { note }) });
  if (json) ctx.out(JSON.stringify(decided, null, 2));
  else ctx.out(`✔ ${decided.id}: ${decided.state}`);
  return EXIT.ok;
}
