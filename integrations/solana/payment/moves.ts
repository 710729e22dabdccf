import { NodeError } from '../../error.ts';
import type { PaymentTerms } from '../../payments.ts';
import { createTokenAccount, transferChecked } from '../chain/instructions.ts';
import { isOnCurve, tokenAccountOf, transferSol } from '../chain/library.ts';
import { type Mint, readMint } from '../chain/mint.ts';
import type { Account, Provider } from '../chain/port.ts';
import { SYSTEM, TOKEN, TOKEN_PROGRAMS } from '../chain/programs.ts';
import { readTokenAccount } from '../chain/token-account.ts';
import { EXTENDED_ACCOUNT_SIZE, mostTokenRent, TOKEN_ACCOUNT_SIZE } from '../chain/token-rent.ts';
import { fromUnits, SOL_DECIMALS } from '../notation/amounts.ts';
import { type Policy, refuseUnusual } from '../policy.ts';
import type { Move } from './plan.ts';

/** What is allowed by name. */
type Permissions = Pick<Policy, 'allow'> | null;

/** What decides how an asset changes hands. */
type Moved = Pick<PaymentTerms, 'wallet' | 'recipient' | 'asset' | 'amount' | 'decimals'>;

/** Work of a transfer of SOL, and of one of tokens that also makes an account. */
const SOL_UNITS = 1_000;
const TOKEN_UNITS = 100_000;

/**
 * How an asset comes to a recipient.
 *
 * @param mint that of the asset; null: SOL
 * @throws NodeError `solana.refused`, `solana.insufficientFunds`; `solana.rent` if the amount is too small to make the account
 */
export const moveOf = (provider: Provider, policy: Permissions, terms: Moved, mint: Mint | null): Promise<Move> =>
  mint === null ? moveSol(provider, policy, terms) : moveToken(provider, policy, terms, mint);

/** What is sent there is burned at the end of the block. */
const INCINERATOR = '1nc1nerator11111111111111111111111111111111';

/** @throws NodeError `solana.refused` for addresses from which nobody can ever pay, whatever the policy allows */
function refuseGraves(recipient: string, found: Account | null | undefined): void {
  const isGrave = recipient === INCINERATOR || (found && (found.executable || TOKEN_PROGRAMS.includes(found.owner)));
  if (isGrave) throw new NodeError('solana.refused', `${recipient} ${graveOf(found)}: what is sent there is lost.`);
}

function graveOf(found: Account | null | undefined): string {
  if (found?.executable) return 'is a program';
  if (!found || !TOKEN_PROGRAMS.includes(found.owner)) return 'is the address at which things are burned';
  const held = readTokenAccount(found);
  return held ? `is a token account of ${held.owner}, which is the address to pay` : 'is a mint';
}

async function moveSol(provider: Provider, policy: Permissions, terms: Moved): Promise<Move> {
  const { wallet, recipient, amount } = terms;
  const [found] = (await provider.accounts([recipient])).accounts;
  refuseGraves(recipient, found);
  refuseUnusual(policy, { offCurve: !(await isOnCurve(recipient)), transferFee: false, transferHook: false });
  if (found && found.owner !== SYSTEM)
    throw new NodeError(
      'solana.refused',
      `${recipient} belongs to a program, ${found.owner}: SOL that is sent there may be lost.`,
    );
  const least = await provider.rent(found?.data.length ?? 0);
  if ((found?.lamports ?? 0n) + amount < least)
    throw new NodeError(
      'solana.rent',
      `${recipient} would hold less than ${fromUnits(least, SOL_DECIMALS)} SOL, which an account needs to exist. Send more.`,
    );
  return {
    instructions: [await transferSol({ from: wallet, to: recipient, lamports: amount })],
    units: SOL_UNITS,
    ...{ rent: 0n, mostRent: 0n },
    accounts: [wallet, recipient],
  };
}

/** The mint of an asset; null: it is SOL. @throws NodeError `solana.mint` if there is no such mint */
export async function mintOf(provider: Provider, asset: string): Promise<Mint | null> {
  if (asset === 'SOL') return null;
  const [account] = (await provider.accounts([asset])).accounts;
  const mint = account ? readMint(account) : null;
  if (mint) return mint;
  throw new NodeError(
    'solana.mint',
    `${asset} is no mint of a token on this chain. Is the connection that of another cluster?`,
  );
}

/** Into the account that belongs to the recipient and the mint, which is made if there is none. */
async function moveToken(provider: Provider, policy: Permissions, terms: Moved, mint: Mint): Promise<Move> {
  const { wallet, recipient, asset, amount, decimals } = terms;
  const { program } = mint;
  if (mint.isBound) throw new NodeError('solana.refused', 'Tokens of this mint cannot be moved.');
  const from = await tokenAccountOf({ owner: wallet, mint: asset, program });
  const to = await tokenAccountOf({ owner: recipient, mint: asset, program });
  const [source, target, owner] = (await provider.accounts([from, to, recipient])).accounts;
  refuseGraves(recipient, owner);
  refuseUnusual(policy, {
    offCurve: !(await isOnCurve(recipient)),
    transferFee: mint.hasFee,
    transferHook: mint.hook !== null,
  });
  if (owner && owner.owner !== SYSTEM && !policy?.allow.includes('offCurve'))
    throw new NodeError(
      'solana.refused',
      `${recipient} belongs to the program ${owner.owner}: give the address of a wallet.`,
    );
  if (!source)
    throw new NodeError('solana.insufficientFunds', `The wallet ${wallet} has no account for tokens of ${asset}.`);
  const rent = await provider.rent(program === TOKEN ? TOKEN_ACCOUNT_SIZE : EXTENDED_ACCOUNT_SIZE);
  const usual = mostTokenRent(program);
  return {
    instructions: [
      createTokenAccount({ payer: wallet, account: to, owner: recipient, mint: asset, program }),
      transferChecked({ program, from, mint: asset, to, owner: wallet, amount, decimals }),
    ],
    units: TOKEN_UNITS,
    rent: target ? 0n : rent,
    // The account may be gone again when the transaction lands: its owner can close it at any moment.
    mostRent: rent > usual ? rent : usual,
    accounts: [wallet, from, to],
  };
}
