import { z } from 'zod';
import { defineNode } from '../define.ts';
import { NodeError } from '../error.ts';
import { readPolicy } from './chain/policies.ts';
import { bytesIn } from './notation/bytes.ts';
import { address } from './notation/fields.ts';

/** Checks a signature. */
export const solanaVerifyMessage = defineNode({
  type: 'solana.verifyMessage',
  version: '1.0.0',
  title: 'Verify a signed message',
  description: 'Whether the holder of an address has signed a message (Ed25519), as wallets do with signMessage.',
  effect: 'read',
  ...readPolicy,
  input: z.strictObject({
    address: address().describe('Address of the signer.'),
    message: z.string().max(65_536).describe('The message, exactly as it was signed.'),
    messageEncoding: z.enum(['utf8', 'base64', 'hex']).default('utf8').describe('How the message is written.'),
    signature: z.string().max(200).describe('The signature: 64 bytes.'),
    signatureEncoding: z.enum(['base58', 'base64', 'hex']).default('base58').describe('How the signature is written.'),
  }),
  output: z.object({ valid: z.boolean().describe('True if the signature is that of the address, for this message.') }),
  examples: [
    {
      title: 'A message signed in a browser wallet',
      with: {
        address: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU',
        message: 'I am Ada. Nonce: 8f3a2c71',
        signature: '1111111111111111111111111111111111111111111111111111111111111111',
      },
    },
  ],
  notes:
    'A valid signature says that the holder of the address signed these bytes, once. It does not say when: put a nonce of your own ' +
    'and a time into the message, accept each nonce once, and compare the address in the message with the one you verify.',
  async run(_, input) {
    const { isSignedBy } = await import('./wallet/keypair.ts');
    const signature = bytesIn(input.signature, input.signatureEncoding);
    if (signature?.length !== 64)
      throw new NodeError('input.invalid', `signature is not 64 bytes in ${input.signatureEncoding}.`);
    const { message, messageEncoding } = input;
    const bytes = messageEncoding === 'utf8' ? Buffer.from(message) : bytesIn(message, messageEncoding);
    if (!bytes) throw new NodeError('input.invalid', `message is not ${messageEncoding}.`);
    return { valid: isSignedBy(input.address, bytes, signature) };
  },
});
