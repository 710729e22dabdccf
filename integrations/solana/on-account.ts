import { z } from 'zod';
import type { Json } from '../../graph/json.ts';
import { defineTrigger } from '../define-trigger.ts';
import { json } from '../schema.ts';
import type { DecodedData } from './idl/decode.ts';
import { type AccountPlace, accountItem } from './listening/account-item.ts';
import { addressList, watchedAddresses } from './listening/parameters.ts';

const NOTES = `
**What is a change.** Another content, another owner (the program to which the account belongs), or that the account begins or ends. With \`lamports: true\` another balance
counts, too. What is final is compared with what was final in the look before. Several changes between two looks are one, with the last content; nothing that is still
there when the trigger looks is missed. For each single step use \`solana.transaction\` or \`solana.programEvent\`.

**A provider that is behind** changes nothing: an answer that is older than what was seen is not taken.

**With an IDL** of Anchor (of either format), \`data\` has the fields of the account and \`name\` its type. Content that the IDL does not know fires with \`data: null\`;
\`raw\` has the bytes in any case.

**Sooner than \`every\`.** If the connection names a \`websocket\`, a change that is told there makes the trigger look at once.
`.trim();

/** Fires when the content of an account changes. */
export const onAccount = defineTrigger({
  type: 'solana.account',
  title: 'Account has changed',
  description:
    'Fires when the content of an account changes, or of any of up to 1,000 accounts, with the content as bytes and, by an IDL of Anchor, decoded.',
  connection: { type: 'solana-rpc', required: true },
  with: z.strictObject({
    addresses: watchedAddresses(),
    lamports: z.boolean().default(false).describe('Whether another balance of SOL alone is a change.'),
    idl: json().optional().describe('The IDL of Anchor, as an object or as text.'),
  }),
  item: accountItem,
  every: '30s',
  inOrder: true,
  examples: [{ title: 'A feed of prices', with: { addresses: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU' } }],
  errors: {
    'input.invalid': 'The IDL cannot be read.',
    'solana.wrongCluster': 'The providers show another chain than the connection names, or than the watch began with.',
    'solana.behind': 'All providers are more than an hour behind what was seen before. The watch stays where it is.',
    'solana.<status>': 'The provider answered with that status of HTTP.',
    'rate.limited': 'The rate limit of the connection allows no call for more than a minute.',
  },
  notes: NOTES,
  watches: ({ lamports }) => lamports,
  async listen(ctx, { with: { addresses }, hint }) {
    const { contentOf, subscribe } = await import('./listening/hints.ts');
    return subscribe(ctx, { to: addressList(addresses).map(contentOf), hint });
  },
  async poll(ctx, request) {
    const { changedAccounts } = await import('./listening/changed-accounts.ts');
    const { addresses, lamports, idl } = request.with;
    const read = idl === undefined ? null : await readerOf(idl);
    const watched = { addresses: addressList(addresses), lamports, read };
    return changedAccounts(ctx, { ...request, with: watched, cursor: request.cursor as AccountPlace | null });
  },
});

/** Reads accounts by an IDL. @throws NodeError `input.invalid` */
async function readerOf(written: Json): Promise<(data: Uint8Array) => DecodedData | null> {
  const { readIdl } = await import('./idl/read-idl.ts');
  const { decodeAccount } = await import('./idl/decode.ts');
  const idl = readIdl(written);
  return (data) => decodeAccount(idl, data);
}
