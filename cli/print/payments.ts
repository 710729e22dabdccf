import type { Json } from '../../graph/json.ts';

interface Amount {
  readonly text: string;
}

/** What all previews say. */
interface AnyPreview {
  readonly from: string;
  readonly costs: {
    readonly fee: Amount;
    readonly rent: Amount;
    readonly receipt: Amount;
    readonly total: Amount;
  } | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/** What a payment would do: the output of `solana.previewPayment`. */
export interface Preview extends AnyPreview {
  readonly to: string;
  readonly asset: string;
  readonly amount: string;
  readonly raw: string;
  readonly recipient: { readonly kind: string; readonly owner: string | null; readonly holds: Amount };
}

/** What a call of a program would do: the output of `solana.previewCall`. */
export interface CallPreview extends AnyPreview {
  readonly program: string;
  readonly takes: readonly (Amount & { readonly asset: string })[] | null;
}

/** What is known of something that a dry run has come to. */
interface Look<P> {
  readonly step: string;
  readonly connection: string;
  /** What the chain would do now. */
  readonly preview?: P;
  /** Why that is not known. */
  readonly unknown?: string;
  /** No Blok answered, so nobody was asked. */
  readonly isUnasked?: boolean;
}

/** A payment that a dry run has come to. */
export interface DryPayment extends Look<Preview> {
  readonly to: Json;
  readonly amount: Json;
  readonly asset: Json;
}

/** A call of a program that a dry run has come to. */
export interface DryCall extends Look<CallPreview> {
  readonly program: Json;
}

/** One of them. */
export type DryLook = DryPayment | DryCall;

/** What recipients are, in words. */
const KINDS: Readonly<Record<string, string>> = {
  wallet: 'a wallet that is in use',
  new: 'nobody has used it on this chain',
  offCurve: 'no key can own it',
  tokenAccount: 'a token account, not a wallet',
  programAccount: 'it belongs to a program',
  program: 'a program',
};

/**
 * The payments and calls of a dry run: what each would take and cost, and whom it would reach.
 *
 * @param unseen how many more there are, about which nobody was asked
 */
export function paymentLines(payments: readonly DryLook[], unseen: number): string[] {
  const lines = payments.flatMap((one) => [
    `  ${one.step} would ${doneBy(one)}`,
    ...detailsOf(one).map((line) => `      ${line}`),
  ]);
  if (unseen > 0) lines.push(`  further payments and calls, of which nothing is known here: ${unseen}`);
  if (!payments.some(({ isUnasked }) => isUnasked)) return lines;
  return [
    ...lines,
    '  Fee, rent and kind of recipient are not known, because no Blok answers: start one and try again.',
  ];
}

const doneBy = (one: DryLook): string =>
  'program' in one
    ? `call the program ${one.program} with ${one.connection}`
    : `pay ${one.amount} ${one.asset} from ${one.connection} to ${one.to}`;

function detailsOf({ preview, unknown }: DryLook): string[] {
  if (unknown !== undefined) return [`not known: ${unknown}`];
  if (!preview) return [];
  const { costs, refusal } = preview;
  return [
    ...aboutOf(preview),
    ...(costs
      ? [`costs ${costs.total.text} SOL: fee ${costs.fee.text}, rent ${costs.rent.text}, receipt ${costs.receipt.text}`]
      : []),
    ...(refusal ? [`the wallet would refuse it: ${refusal.code}: ${refusal.message}`] : []),
  ];
}

function aboutOf(preview: Preview | CallPreview): string[] {
  if (!('takes' in preview)) {
    const { kind, holds } = preview.recipient;
    return [`recipient: ${KINDS[kind] ?? kind}, holds ${holds.text} SOL`];
  }
  const { takes } = preview;
  if (takes === null) return [];
  return [`takes ${takes.map(({ text, asset }) => `${text} ${asset}`).join(', ') || 'nothing'} besides, as things are`];
}
