/**
 * The only file that knows `@solana/web3.js`: building messages, and addresses that are computed. The library is loaded
 * when it is first needed, and none of its types leaves this file. It never sees a secret key, and never the network.
 */
import type { TransactionInstruction } from '@solana/web3.js';
import type { Instruction } from './instructions.ts';
import { ASSOCIATED_TOKEN, SYSTEM } from './programs.ts';

const load = () => import('@solana/web3.js');

/** A message of version 0 that `payer` is to sign, as bytes. */
export async function messageOf(given: {
  readonly payer: string;
  readonly blockhash: string;
  readonly instructions: readonly Instruction[];
}): Promise<Uint8Array> {
  const { PublicKey, TransactionMessage } = await load();
  const message = new TransactionMessage({
    payerKey: new PublicKey(given.payer),
    recentBlockhash: given.blockhash,
    instructions: given.instructions.map(({ program, accounts, data }) => ({
      programId: new PublicKey(program),
      keys: accounts.map(({ address, signer, writable }) => ({
        pubkey: new PublicKey(address),
        isSigner: signer,
        isWritable: writable,
      })),
      data: Buffer.from(data),
    })),
  });
  return message.compileToV0Message().serialize();
}

/** A transaction with one signature, as it travels. */
export const wireOf = (message: Uint8Array, signature: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of(1), signature, message]);

/** Moves lamports. */
export async function transferSol(move: {
  readonly from: string;
  readonly to: string;
  readonly lamports: bigint;
}): Promise<Instruction> {
  const { PublicKey, SystemProgram } = await load();
  const { from, to, lamports } = move;
  return plain(SystemProgram.transfer({ fromPubkey: new PublicKey(from), toPubkey: new PublicKey(to), lamports }));
}

/** Makes an empty account whose address follows from the payer and a seed: it can be made once. */
export async function createReceipt(given: {
  readonly payer: string;
  readonly seed: string;
  readonly lamports: bigint;
}): Promise<{ readonly address: string; readonly instruction: Instruction }> {
  const { PublicKey, SystemProgram } = await load();
  const payer = new PublicKey(given.payer);
  const system = new PublicKey(SYSTEM);
  const receipt = await PublicKey.createWithSeed(payer, given.seed, system);
  const instruction = SystemProgram.createAccountWithSeed({
    fromPubkey: payer,
    newAccountPubkey: receipt,
    basePubkey: payer,
    seed: given.seed,
    lamports: Number(given.lamports),
    space: 0,
    programId: system,
  });
  return { address: receipt.toBase58(), instruction: plain(instruction) };
}

/** How much work a transaction may do, and what a unit of it is paid, in millionths of a lamport. */
export async function computeBudget(given: {
  readonly units: number;
  readonly price: bigint;
}): Promise<readonly Instruction[]> {
  const { ComputeBudgetProgram } = await load();
  const { units, price } = given;
  return [
    plain(ComputeBudgetProgram.setComputeUnitLimit({ units })),
    ...(price > 0n ? [plain(ComputeBudgetProgram.setComputeUnitPrice({ microLamports: price }))] : []),
  ];
}

/** The address of the token account that belongs to an owner and a mint. */
export async function tokenAccountOf(at: {
  readonly owner: string;
  readonly mint: string;
  readonly program: string;
}): Promise<string> {
  const { PublicKey } = await load();
  const seeds = [at.owner, at.program, at.mint].map((one) => new PublicKey(one).toBuffer());
  return programAddressOf({ seeds, program: ASSOCIATED_TOKEN });
}

/** Derives the address of a program from seeds (a PDA): only the program can sign for it. */
export type Derive = (at: { readonly seeds: readonly Uint8Array[]; readonly program: string }) => string;

/** What derives addresses. */
export async function addressDeriver(): Promise<Derive> {
  const { PublicKey } = await load();
  return ({ seeds, program }) => PublicKey.findProgramAddressSync([...seeds], new PublicKey(program))[0].toBase58();
}

/** The same for one address. */
export const programAddressOf = async (at: Parameters<Derive>[0]): Promise<string> => (await addressDeriver())(at);

/** Whether an address can belong to a key. Others belong to programs. */
export async function isOnCurve(address: string): Promise<boolean> {
  const { PublicKey } = await load();
  return PublicKey.isOnCurve(new PublicKey(address).toBytes());
}

const plain = ({ programId, keys, data }: TransactionInstruction): Instruction => ({
  program: programId.toBase58(),
  accounts: keys.map(({ pubkey, isSigner, isWritable }) => ({
    address: pubkey.toBase58(),
    signer: isSigner,
    writable: isWritable,
  })),
  data,
});

/** The accounts that stand in a transaction itself; null if the bytes are no transaction that the library knows. */
export async function accountsOf(wire: Uint8Array): Promise<string[] | null> {
  const { VersionedTransaction } = await load();
  try {
    return VersionedTransaction.deserialize(wire).message.staticAccountKeys.map((key) => key.toBase58());
  } catch {
    return null;
  }
}
