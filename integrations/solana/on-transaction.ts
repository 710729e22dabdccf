import { z } from 'zod';
import { RE2 } from '../../graph/schemas/keywords.ts';
import { defineTrigger } from '../define-trigger.ts';
import { type TransactionItem, transactionItem } from './listening/item.ts';
import { addressList, watchedAddresses } from './listening/parameters.ts';
import type { Place } from './listening/place.ts';
import { address, amount } from './notation/fields.ts';

const NOTES = `
**What is promised.** Each transaction of a watched address that fits starts one run, in the order of the chain for each address, whatever is killed meanwhile. A
transaction that concerns several watched addresses starts one run, too: \`address\` is the first of them, \`others\` has the rest. \`trigger.key\` is the signature. The
history that providers list at \`finalized\` is the truth. Where the watch is, it keeps as slot and signature for each address; a provider that is behind, may have thrown away
what followed, or gives pages that do not fit together moves it neither back nor on.

**Token accounts.** Tokens arrive at an account of their own, in transactions that need not name the owner. With \`tokenAccounts\` the accounts of both token programs are
watched, too; they are listed every ten minutes, and new ones are found in the transactions of their owner. What a new account got before it was found fires as well.

**Amounts** are those of the balances before and after, so transfers inside programs and fees of Token-2022 count as they are. The network's fee is no transfer: who only
pays a fee has the direction \`none\`.

**\`commitment: confirmed\`** fires about 12 seconds earlier, with \`state: confirmed\`. If the transaction does not become final, another item comes with \`state: retracted\` and
the same \`signature\`; its key is \`<signature>:retracted\`. Both start a run: ask for \`trigger.item.state\` before you do something that cannot be undone.

**Dead letters.** A transaction that cannot be decoded (of a version that nobody knows yet, or that no provider shows for three minutes) starts nothing and holds nothing up. It is listed with
its signature and the reason: \`npx blok trigger dead-letters NAME ID\`.

**Many addresses.** Up to 1,000 in one watch. Calls keep to the rate limit of the connection, in batches where the provider takes batches, and each address has
its share of a look, however much happens at another. A look at 1,000 quiet addresses takes 1,000 calls: with a limit of 10 a second, 100 seconds. Among addresses,
items of one look come by slot.

**Sooner than \`every\`.** If the connection names a \`websocket\`, what happens there makes the watch look at once. It is a hint and no more: a socket that is cut loses nothing.
`.trim();

/** Fires for each transaction of an address. */
export const onTransaction = defineTrigger({
  type: 'solana.transaction',
  title: 'Transaction of an address',
  description:
    'Fires once for each transaction of an address, or of up to 1,000, and their token accounts: payments that come or go, decoded, ' +
    'by direction, asset, amount, program or memo.',
  connection: { type: 'solana-rpc', required: true },
  with: z
    .strictObject({
      addresses: watchedAddresses(),
      tokenAccounts: z
        .boolean()
        .default(true)
        .describe('Whether the token accounts of the addresses are watched, too, those of both token programs.'),
      direction: z.enum(['in', 'out']).optional().describe('Only what an address gets, or only what it gives.'),
      mint: z
        .union([z.literal('SOL'), address()])
        .optional()
        .describe('Only changes of this asset: `SOL`, or the address of a mint.'),
      least: amount()
        .optional()
        .describe('Only changes of at least this much, as text, such as `"0.25"`. Name the asset, too, with `mint`.'),
      program: address().optional().describe('Only transactions that call this program, also from within others.'),
      memo: z.string().min(1).max(500).optional().describe('Only transactions with a memo that contains this text.'),
      memoPattern: z
        .string()
        .min(1)
        .max(500)
        .meta({ format: RE2 })
        .optional()
        .describe('Only transactions with a memo that matches this regular expression (RE2).'),
      failed: z
        .enum(['leaveOut', 'include', 'only'])
        .default('leaveOut')
        .describe('What becomes of transactions that failed: they moved nothing but their fee.'),
      commitment: z
        .enum(['finalized', 'confirmed'])
        .default('finalized')
        .describe('How sure the chain must be. `confirmed` is earlier, and may be retracted.'),
    })
    .refine(({ least, mint }) => least === undefined || mint !== undefined, {
      path: ['least'],
      error: 'needs a mint: an amount of what? Write mint: SOL, or the address of a mint',
    }),
  item: transactionItem,
  every: '15s',
  inOrder: true,
  examples: [
    {
      title: 'SOL that comes in',
      with: { addresses: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU', direction: 'in', mint: 'SOL', least: '0.01' },
    },
    {
      title: 'Payments with the number of an invoice',
      with: {
        addresses: ['4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU'],
        direction: 'in',
        memoPattern: '^INV-[0-9]+$',
      },
    },
  ],
  errors: {
    'input.invalid': '`memoPattern` is no regular expression of RE2.',
    'solana.wrongCluster': 'The providers show another chain than the connection names, or than the watch began with.',
    'solana.inconsistent': 'A provider lists transactions in pages that do not fit together.',
    'solana.forgotten':
      'A provider may have thrown away what follows the place of the watch, and another one cannot be asked now. The watch stays there.',
    'solana.tooManyAccounts': 'An address has more token accounts than a watch follows: name a mint.',
    'solana.behind': 'All providers are more than an hour behind what was seen before. The watch stays where it is.',
    'solana.<status>': 'The provider answered with that status of HTTP.',
    'rate.limited': 'The rate limit of the connection allows no call for more than a minute.',
  },
  notes: NOTES,
  // Addresses may come and go, and filters change: the place of each address is its own.
  watches: () => null,
  async listen(ctx, { with: { addresses, commitment }, hint }) {
    const { mentions, subscribe } = await import('./listening/hints.ts');
    return subscribe(ctx, { to: addressList(addresses).map((one) => mentions(one, commitment)), hint });
  },
  async poll(ctx, request) {
    const { watchHistory } = await import('./listening/watch-history.ts');
    const { transactionFinder } = await import('./listening/transaction-finder.ts');
    const { addresses, tokenAccounts, mint, commitment } = request.with;
    const tokens = !tokenAccounts || mint === 'SOL' ? 'none' : mint === undefined ? 'all' : { mint };
    const watched = {
      ...({ addresses: addressList(addresses), tokens, commitment, finder: transactionFinder(request.with) } as const),
      // What is retracted comes last.
      slotOf: ({ transaction }: TransactionItem) => Number(transaction?.slot ?? Number.MAX_SAFE_INTEGER),
    };
    return watchHistory(ctx, { ...request, with: watched, cursor: request.cursor as Place | null });
  },
});
