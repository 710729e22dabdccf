import type { CliContext } from '../../context.ts';
import { badInput, EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import { readValue } from '../../values.ts';
import type { Wallet } from '../../wire.ts';

interface Named {
  readonly name: string;
  readonly json: boolean;
}

/** Lists the wallets. */
export async function listWallets(
  ctx: CliContext,
  { json, ...query }: { readonly json: boolean; readonly limit: number; readonly cursor?: string },
): Promise<number> {
  const { items, next } = await ctx.client.wallets(query);
  if (json) ctx.out(JSON.stringify({ items, next }, null, 2));
  else if (items.length === 0) ctx.err('No wallets. `blok connection set NAME --type solana-wallet` makes one.');
  else {
    const rows = items.map(({ name, address, cluster, balances, policy, stoppedAt }) => [
      ...[name, address, cluster, balances?.sol.text ?? '?'],
      ...[policy === null ? 'pays nothing' : 'has a policy', stoppedAt ?? 'no'],
    ]);
    for (const line of table(['name', 'address', 'cluster', 'SOL', 'policy', 'stopped'], rows)) ctx.out(line);
    for (const { name, balancesProblem } of items)
      if (balancesProblem !== null) ctx.err(`${name}: what it holds is not known: ${balancesProblem}`);
    if (next !== null) ctx.err(`More: add --cursor ${next}`);
  }
  return EXIT.ok;
}

/** Shows a wallet. */
export const showWallet = async (ctx: CliContext, { name, json }: Named): Promise<number> =>
  print(ctx, await ctx.client.wallet(name), json);

/** Replaces the policy of a wallet. */
export const setPolicy = async (ctx: CliContext, given: Named & { readonly data: string }): Promise<number> =>
  print(ctx, await ctx.client.setPolicy(given.name, await readValue(ctx, '--data', given.data)), given.json);

/** Stops a wallet. */
export const stopWallet = async (ctx: CliContext, given: Named & { readonly because?: string }): Promise<number> =>
  print(ctx, await ctx.client.stopWallet(given.name, given.because), given.json);

/** Lets a wallet pay again. */
export const startWallet = async (ctx: CliContext, { name, json }: Named): Promise<number> =>
  print(ctx, await ctx.client.startWallet(name), json);

function print(ctx: CliContext, wallet: Wallet, json: boolean): number {
  if (json) {
    ctx.out(JSON.stringify(wallet, null, 2));
    return EXIT.ok;
  }
  const { name, address, cluster, signer, policy, stoppedAt, stoppedBecause, totals } = wallet;
  ctx.out(`${name}: ${address} on ${cluster}${signer.type === 'keypair' ? '' : `, its key in ${signer.type}`}`);
  printBalances(ctx, wallet);
  if (stoppedAt !== null) ctx.out(`stopped at ${stoppedAt}${stoppedBecause === null ? '' : `: ${stoppedBecause}`}`);
  ctx.out(policy === null ? 'no policy: it pays nothing' : `policy: ${JSON.stringify(policy, null, 2)}`);
  const rows = totals.map(({ chain, asset, held, spent }) => [chain, asset, held, spent]);
  if (rows.length > 0) for (const line of table(['chain', 'asset', 'held', 'spent in 24 hours'], rows)) ctx.out(line);
  return EXIT.ok;
}

function printBalances(ctx: CliContext, { balances, balancesProblem }: Wallet): void {
  if (balancesProblem !== null) ctx.out(`what it holds is not known: ${balancesProblem}`);
  if (balances === null) return;
  ctx.out(`holds ${balances.sol.text} SOL`);
  for (const { text, mint } of balances.tokens) ctx.out(`holds ${text} ${mint}`);
}

/** Decides about a payment that waits for a person. */
export async function decidePayment(
  ctx: CliContext,
  given: Named & { readonly payment: string; readonly paid: boolean; readonly notPaid: boolean; readonly note: string },
): Promise<number> {
  const { name, payment, paid, notPaid, note, json } = given;
  if (paid === notPaid) throw badInput('Say what you found out: --paid or --not-paid.');
  const decided = await ctx.client.decidePayment(name, payment, { hasPaid: paid, note });
  if (json) ctx.out(JSON.stringify(decided, null, 2));
  else ctx.out(`✔ ${decided.id}: ${decided.state}`);
  return EXIT.ok;
}
