import { expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { toBase58 } from './notation/base58.ts';
import { solanaVerifyMessage } from './verify-message.ts';
import { newSecretKey, readKeypair } from './wallet/keypair.ts';

const [ada, eve] = [newSecretKey().secretKey, newSecretKey().secretKey].map((key) => readKeypair(key)!);
const message = 'I am Ada. Nonce: 8f3a2c71';
const signed = ada!.sign(Buffer.from(message));
const verify = (given: object) =>
  runNode(solanaVerifyMessage, fakeContext(), {
    address: ada!.address,
    message,
    signature: toBase58(signed),
    ...given,
  });

it('tells the signature of an address for a message from every other one', async () => {
  expect(await verify({})).toEqual({ valid: true });
  expect(await verify({ signature: Buffer.from(signed).toString('base64'), signatureEncoding: 'base64' })).toEqual({
    valid: true,
  });
  expect(await verify({ message: Buffer.from(message).toString('hex'), messageEncoding: 'hex' })).toEqual({
    valid: true,
  });
  expect(await verify({ message: `${message} ` })).toEqual({ valid: false });
  // Whoever signs a message that names Ada is not Ada.
  expect(await verify({ signature: toBase58(eve!.sign(Buffer.from(message))) })).toEqual({ valid: false });
  expect(await verify({ address: eve!.address })).toEqual({ valid: false });
});

it('refuses what is no signature, and a message that is not written as is said', async () => {
  const refused = { code: 'input.invalid', retryable: false };
  expect(await failure(verify({ signature: 'abc' }))).toMatchObject(refused);
  // What stands behind it was not signed.
  const hex = Buffer.from(message).toString('hex');
  for (const more of ['zz', ' ', '0'])
    expect(await failure(verify({ message: `${hex}${more}`, messageEncoding: 'hex' }))).toMatchObject(refused);
  const base64 = Buffer.from(message).toString('base64');
  expect(await failure(verify({ message: `${base64}!`, messageEncoding: 'base64' }))).toMatchObject(refused);
  const signature = `${Buffer.from(signed).toString('hex')}zz`;
  expect(await failure(verify({ signature, signatureEncoding: 'hex' }))).toMatchObject(refused);
});
