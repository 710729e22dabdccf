import { count, type Declaration, JSON_OPTION } from '../../declare.ts';
import { decidePlan, listApprovals } from './approvals.ts';
import { ledger } from './ledger.ts';
import { decidePayment, listWallets, setPolicy, showWallet, startWallet, stopWallet } from './wallets.ts';

/** How the commands about wallets are called. */
export const declareWallet: Declaration = ({ program, does, ctx }) => {
  const wallet = program.command('wallet').description('what pays: policies, the ledger, the kill switch');
  const command = (usage: string, about: string) =>
    wallet
      .command(usage)
      .description(about)
      .option(...JSON_OPTION);
  command('list', 'list the wallets, with what they hold')
    .option('--limit <count>', 'at most this many', count(1, 200), 50)
    .option('--cursor <cursor>', 'continue where the last list ended')
    .action(does((options) => listWallets(ctx, options)));
  command('show <name>', 'show a wallet: its policy, what it holds and has spent').action(
    does((name: string, options) => showWallet(ctx, { name, ...options })),
  );
  command('ledger <name>', 'list the payments of a wallet, and say for each whether it paid')
    .option('--run <id>', 'only payments of this run')
    .option('--step <path>', 'only payments of this step')
    .option('--limit <count>', 'at most this many', count(1, 200), 50)
    .option('--cursor <cursor>', 'continue where the last list ended')
    .action(does((name: string, options) => ledger(ctx, { name, ...options })));
  command('approvals <name>', 'list the payments to new recipients that wait for a person')
    .option('--limit <count>', 'at most this many', count(1, 200), 50)
    .option('--cursor <cursor>', 'continue where the last list ended')
    .action(does((name: string, options) => listApprovals(ctx, { name, ...options })));
  for (const verb of ['approve', 'decline'] as const)
    command(`${verb} <name> <payment>`, `${verb} one plan of a payment to a new recipient`)
      .requiredOption('--plan <hash>', 'hash of the plan, as `wallet approvals` shows it')
      .option('--note <text>', 'kept with the decision')
      .action(does((name: string, payment: string, options) => decidePlan(ctx, { name, payment, verb, ...options })));
  command('decide <name> <payment>', 'decide about a payment that waits for a person')
    .option('--paid', 'it was made', false)
    .option('--not-paid', 'it was not made', false)
    .requiredOption('--note <text>', 'how you know')
    .action(does((name: string, payment: string, options) => decidePayment(ctx, { name, payment, ...options })));
  command('policy <name>', 'replace the policy of a wallet')
    .requiredOption('--data <json|@file>', 'the policy, or null: then the wallet pays nothing')
    .action(does((name: string, options) => setPolicy(ctx, { name, ...options })));
  command('stop <name>', 'stop a wallet: nothing more is signed')
    .option('--because <text>', 'why')
    .action(does((name: string, options) => stopWallet(ctx, { name, ...options })));
  command('start <name>', 'let a stopped wallet pay again').action(
    does((name: string, options) => startWallet(ctx, { name, ...options })),
  );
};
