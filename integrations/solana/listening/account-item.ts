import { z } from 'zod';
import { json } from '../../schema.ts';

/** What `solana.account` fires with. */
export const accountItem = z.object({
  address: z.string().describe('Address of the account.'),
  exists: z.boolean().describe('False: the account has ended.'),
  slot: z.int().describe('The slot in which the change was seen.'),
  lamports: z.string().describe('What it holds, in lamports.'),
  owner: z.string().nullable().describe('The program to which it belongs.'),
  raw: z.string().describe('Its content in base64.'),
  name: z
    .string()
    .nullable()
    .describe('Type of the account in the IDL; null without one, or if the IDL does not know it.'),
  data: json().describe('Its content by the IDL; null without one, or if the IDL does not know it.'),
});

export type AccountItem = z.input<typeof accountItem>;

/** Where a watch of accounts is. */
export type AccountPlace = {
  readonly chain: string;
  /** The newest slot that was looked at. */
  readonly slot: number;
  /** The account with which the next look begins; 0: all have had their turn. */
  readonly next: number;
  /** Not all accounts have been looked at yet. */
  readonly isFirst?: boolean;
  /** Short hash of what an account was, by short hash of its address. */
  readonly seen: Readonly<Record<string, string>>;
};
