import { z } from 'zod';
import { address, amount, sol } from '../notation/fields.ts';

/** What the nodes that preview have in common. */

export const asset = () =>
  z
    .union([z.literal('SOL'), address()])
    .default('SOL')
    .describe('`SOL`, or the address of a mint.');

/** Payments that the same wallet would make before. */
export const before = () =>
  z
    .array(
      z.strictObject({
        to: address().describe('Address of the recipient, or of the program.'),
        asset: asset(),
        amount: amount().describe('Amount, as text.'),
        costs: sol()
          .optional()
          .describe('Its fee, rent and receipt together, in SOL, as its own preview says. Default: none.'),
      }),
    )
    .max(100)
    .default([])
    .describe(
      'Payments that the same wallet would make before this one: what they take counts against its limits and what it holds, too.',
    );

/** Why the wallet would refuse. */
export const refusal = () =>
  z
    .object({ code: z.string().describe('A code of the nodes that pay.'), message: z.string().describe('Why.') })
    .nullable()
    .describe('Why the wallet would not make it; null: it would.');
