import { tokenAccountOf } from '../chain/library.ts';
import { TOKEN, TOKEN_2022 } from '../chain/programs.ts';
import { fromBase58 } from '../notation/base58.ts';
import { type Scene, somebody } from './scene.ts';

/** Kinds of mints. */
export interface MintKind {
  readonly decimals?: number;
  /** Of each transfer, so many hundredths of a percent go elsewhere. */
  readonly feeBasisPoints?: number;
  /** A program that is called with each transfer. */
  readonly hook?: string;
  readonly isBound?: boolean;
  /** Further extensions of Token-2022: number and content. */
  readonly more?: readonly Extension[];
}

/** An extension of a mint or of a token account. */
type Extension = readonly [type: number, content: Buffer];

/** Extensions of mints that say something about transfers, or about how amounts are shown. */
export const MINTS = {
  frozenAtFirst: [6, Buffer.of(2)],
  /** At a hundred percent a year, for fifty years. */
  interest: [10, Buffer.concat([Buffer.alloc(40), i16(10_000), Buffer.alloc(8), i16(10_000)])],
  permanentDelegate: [12, Buffer.alloc(32, 7)],
  confidential: [4, Buffer.alloc(65)],
  /** Wallets show twice as much. */
  shownTwice: [25, Buffer.concat([Buffer.alloc(32), f64(2), Buffer.alloc(8), f64(2)])],
  running: [26, Buffer.alloc(33)],
  paused: [26, Buffer.concat([Buffer.alloc(32), Buffer.of(1)])],
} as const satisfies Record<string, Extension>;

/** The owner of an account of Token-2022 wants a memo before each transfer. */
export const WANTS_MEMO: Extension = [8, Buffer.of(1)];

function i16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16LE(value);
  return bytes;
}

function f64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

const bytesOf = (address: string): Uint8Array => fromBase58(address)!;

/** An entry of the list of extensions: type, length, content. */
function extension(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(content.length, 2);
  return Buffer.concat([head, content]);
}

/** Makes a mint, of Token-2022 if it has anything unusual. */
export function makeMint({ chain }: Scene, kind: MintKind = {}): { readonly mint: string; readonly program: string } {
  const { decimals = 6, feeBasisPoints, hook, isBound, more = [] } = kind;
  const mint = somebody();
  const base = Buffer.alloc(82);
  base.writeBigUInt64LE(10n ** 15n, 36);
  base[44] = decimals;
  base[45] = 1;
  const extensions = [
    ...(feeBasisPoints === undefined ? [] : [extension(1, feeConfig(feeBasisPoints))]),
    ...(hook === undefined ? [] : [extension(14, Buffer.concat([Buffer.alloc(32), bytesOf(hook)]))]),
    ...(isBound ? [extension(9, Buffer.alloc(0))] : []),
    ...more.map(([type, content]) => extension(type, content)),
  ];
  const isPlain = extensions.length === 0;
  const data = isPlain ? base : Buffer.concat([base, Buffer.alloc(83), Buffer.of(1), ...extensions]);
  const owner = isPlain ? TOKEN : TOKEN_2022;
  chain.svm.setAccount(mint, { lamports: 1_000_000_000n, data, owner, executable: false });
  return { mint, program: owner };
}

/** Authorities, what is withheld, and the fee of this epoch and of the next. */
function feeConfig(basisPoints: number): Buffer {
  const config = Buffer.alloc(108);
  for (const at of [72, 90]) {
    config.writeBigUInt64LE(10n ** 12n, at + 8);
    config.writeUInt16LE(basisPoints, at + 16);
  }
  return config;
}

/** Gives somebody tokens, in the account that belongs to them. */
export async function giveTokens(
  { chain, providers }: Scene,
  at: { readonly owner: string; readonly mint: string; readonly program: string },
  amount: bigint,
  { isFrozen = false, more = [] }: { readonly isFrozen?: boolean; readonly more?: readonly Extension[] } = {},
): Promise<string> {
  const address = await tokenAccountOf(at);
  const base = Buffer.alloc(165);
  Buffer.from(bytesOf(at.mint)).copy(base, 0);
  Buffer.from(bytesOf(at.owner)).copy(base, 32);
  base.writeBigUInt64LE(amount, 64);
  base[108] = isFrozen ? 2 : 1;
  const others = more.map(([type, content]) => extension(type, content));
  const withheld = Buffer.concat([
    Buffer.of(2),
    extension(7, Buffer.alloc(0)),
    extension(2, Buffer.alloc(8)),
    ...others,
  ]);
  const data = at.program === TOKEN ? base : Buffer.concat([base, withheld]);
  chain.svm.setAccount(address, { lamports: 3_000_000n, data, owner: at.program, executable: false });
  for (const { tokenAccounts } of providers) tokenAccounts.add(address);
  return address;
}

/** What a token account holds. */
export function tokensIn({ chain }: Scene, account: string): bigint {
  const data = chain.svm.account(account)?.data;
  return data ? Buffer.from(data).readBigUInt64LE(64) : 0n;
}
