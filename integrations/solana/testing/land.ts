import type { Instruction } from '../chain/instructions.ts';
import { messageOf, wireOf } from '../chain/library.ts';
import { MEMO_PROGRAMS } from '../chain/programs.ts';
import { toBase58 } from '../notation/base58.ts';
import { type Keypair, readKeypair } from '../wallet/keypair.ts';
import type { Scene } from './scene.ts';

/** Signs instructions with the scene's wallet and puts them into a block. @returns the signature */
export async function land(
  scene: Scene,
  instructions: readonly Instruction[],
  { isLegacy = false, signer = readKeypair(scene.secretKey)! }: { isLegacy?: boolean; signer?: Keypair } = {},
): Promise<string> {
  const { blockhash } = scene.chain.blockhash();
  const versioned = await messageOf({ payer: signer.address, blockhash, instructions });
  // A message of no version has neither the mark of the version in front nor the lookups behind.
  const message = isLegacy ? versioned.subarray(1, -1) : versioned;
  const signature = signer.sign(message);
  const outcome = scene.chain.take(wireOf(message, signature));
  if (outcome !== 'landed') throw new Error(`The transaction is ${outcome}.`);
  return toBase58(signature);
}

/** Logs a text. */
export const memo = (text: string): Instruction => ({
  ...{ program: MEMO_PROGRAMS[1]!, accounts: [] },
  data: Buffer.from(text),
});
