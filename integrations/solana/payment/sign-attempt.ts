import type { NodeError } from '../../error.ts';
import type { SignedAttempt } from '../../payments.ts';
import { messageOf, wireOf } from '../chain/library.ts';
import type { Chain, Provider } from '../chain/port.ts';
import { askingAll, reading } from '../chain/reading.ts';
import { toBase58 } from '../notation/base58.ts';
import { type Policy, refused } from '../policy.ts';
import type { Signer } from '../wallet/signer.ts';
import { simulatePlan } from './changes.ts';
import { mintOf } from './moves.ts';
import type { Plan } from './plan.ts';

/** A blockhash can be used for this many blocks. */
const LIFE = 150n;
/** Providers may be this many blocks behind the chain, all of them, when they are asked. */
const BEHIND = 32n;
/** If one provider alone says where the chain is, it may be wrong by more, and there is time. */
const BEHIND_ALONE = 10_000n;

/** Which attempt of a payment is signed. */
export interface Signing {
  readonly no: number;
  /** How often signing this attempt came to nothing. */
  readonly fruitless: number;
  /** Whether it is signed although one provider alone says where the chain is. */
  readonly mayBeAlone: boolean;
}

/**
 * Makes the bytes of an attempt: takes a fresh blockhash, simulates exactly this message, and has it signed. The signed bytes
 * are seen by nobody yet.
 *
 * @returns null if nothing was signed, because one provider alone answers
 * @throws NodeError what `simulatePlan` and the signer refuse
 */
export async function signAttempt(
  { chain, signer }: { readonly chain: Chain; readonly signer: Signer },
  plan: Plan,
  { no, fruitless, mayBeAlone }: Signing,
): Promise<SignedAttempt | null> {
  const { id, wallet } = plan.terms;
  // Whoever gave a blockhash that the chain does not know is not asked first for the next one.
  const { message, blockhash, lastValidHeight, simulatedBy } = await reading(
    chain,
    async (provider) => {
      const latest = await provider.latestBlockhash();
      const bytes = await messageOf({ payer: wallet, blockhash: latest.blockhash, instructions: plan.instructions });
      await simulatePlan(provider, { plan, wire: wireOf(bytes, new Uint8Array(64)), policy: signer.policy });
      return { ...latest, message: bytes, simulatedBy: provider };
    },
    no - 1 + fruitless,
  );
  if (plan.compare !== null) await confirmElsewhere(chain, simulatedBy, { plan, message, policy: signer.policy });
  const horizon = await horizonOf(chain, plan, { lastValidHeight, mayBeAlone });
  if (horizon === null) return null;
  const signature = await signer.sign(message, id);
  return {
    no,
    signature: toBase58(signature),
    wire: wireOf(message, signature),
    blockhash,
    horizon,
    fee: plan.fee,
    cost: plan.cost,
    receipt: plan.receipt,
  };
}

/**
 * What a call takes is known by simulation alone, and by what one provider says about mints. So the others are asked, too: none that
 * answers may say that it takes more than was set aside. One that is behind, and says that the call would fail, says nothing.
 *
 * @throws NodeError `solana.policy`
 */
async function confirmElsewhere(
  { providers }: Chain,
  asked: Provider,
  { plan, message, policy }: { readonly plan: Plan; readonly message: Uint8Array; readonly policy: Policy | null },
): Promise<void> {
  const wire = wireOf(message, new Uint8Array(64));
  const others = providers.filter((provider) => provider !== asked);
  const answers = await Promise.allSettled(
    others.map(async (provider) => {
      await requireDecimals(provider, plan);
      await simulatePlan(provider, { plan, wire, policy });
    }),
  );
  for (const answer of answers)
    if (answer.status === 'rejected' && (answer.reason as Partial<NodeError>).code === 'solana.policy')
      throw answer.reason;
}

/** @throws NodeError `solana.policy` if limits were read with other decimals than those of the asset */
async function requireDecimals(provider: Provider, { taken }: Plan): Promise<void> {
  for (const { asset, decimals } of taken) {
    const mint = await mintOf(provider, asset);
    if (mint && mint.decimals !== decimals)
      throw refused(
        `${provider.name} says that ${asset} has ${mint.decimals} decimals, and another provider says ${decimals}.`,
      );
  }
}

/**
 * The height above which the bytes are dead, whatever one provider says about its own blockhash: no block that exists now
 * can be used longer than its life, counted from where the chain is now. One provider alone may say where that is only where
 * there is a receipt, or after others were waited for: such bytes can be proven dead only an hour later.
 *
 * @returns null if one provider alone answers and may not be believed
 */
async function horizonOf(
  chain: Chain,
  { receipt }: Plan,
  { lastValidHeight, mayBeAlone }: { readonly lastValidHeight: bigint; readonly mayBeAlone: boolean },
): Promise<bigint | null> {
  const { answers: tips, failure } = await askingAll(chain, (provider) => provider.tip('processed'));
  if (tips.length === 0) throw failure;
  const isAlone = tips.length === 1 && chain.providers.length > 1 && receipt === null;
  if (isAlone && !mayBeAlone) return null;
  const latest =
    tips.map(({ height }) => height).reduce((a, b) => (a > b ? a : b)) + LIFE + (isAlone ? BEHIND_ALONE : BEHIND);
  return latest > lastValidHeight ? latest : lastValidHeight;
}
