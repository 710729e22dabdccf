import type { Json } from '../../graph/json.ts';

interface Amount {
  readonly text: string;
}

/** What a payment would do: the output of `solana.previewPayment`. */
export interface Preview {
  readonly from: string;
  readonly to: string;
  readonly asset: string;
  readonly amount: string;
  readonly raw: string;
  readonly recipient: { readonly kind: string; readonly owner: string | null; readonly holds: Amount };
  readonly costs: {
    readonly fee: Amount;
    readonly rent: Amount;
    readonly receipt: Amount;
    readonly total: Amount;
  } | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/** A payment that a dry run has come to. */
export interface DryPayment {
  readonly step: string;
  readonly connection: string;
  readonly to: Json;
  readonly amount: Json;
  readonly asset: Json;
  /** What the chain would do now. */
  readonly preview?: Preview;
  /** Why that is not known. */
  readonly unknown?: string;
  /** No Blok answered, so nobody was asked. */
  readonly isUnasked?: boolean;
}

/** A call of a program that a dry run has come to. */
export interface ProgramCall {
  readonly step: string;
  readonly connection: string;
  readonly program: Json;
}

/** What a dry run has come to, and nobody was asked about. */
export interface Unseen {
  readonly calls: readonly ProgramCall[];
  /** How many payments. */
  readonly payments: number;
}

/** What recipients are, in words. */
const KINDS: Readonly<Record<string, string>> = {
  wallet: 'a wallet that is in use',
  new: 'nobody has used it on this chain',
  offCurve: 'no key can own it',
  tokenAccount: 'a token account, not a wallet',
  programAccount: 'it belongs to a program',
  program: 'a program',
};

/** The payments of a dry run: what each would cost, and whom it would reach. */
export function paymentLines(payments: readonly DryPayment[]): string[] {
  const lines = payments.flatMap((payment) => [
    `  ${payment.step} would pay ${payment.amount} ${payment.asset} from ${payment.connection} to ${payment.to}`,
    ...detailsOf(payment).map((line) => `      ${line}`),
  ]);
  if (!payments.some(({ isUnasked }) => isUnasked)) return lines;
  return [
    ...lines,
    '  Fee, rent and kind of recipient are not known, because no Blok answers: start one and try again.',
  ];
}

/** What whoever reads about payments would otherwise take for seen. */
export const unseenLines = ({ calls, payments }: Unseen): string[] => [
  ...calls.map(
    ({ step, connection, program }) =>
      `  ${step} would call the program ${program} with ${connection}: what that takes is known only when it is simulated, right before it is signed`,
  ),
  ...(payments > 0 ? [`  further payments, of which nothing is known here: ${payments}`] : []),
];

function detailsOf({ preview, unknown }: DryPayment): string[] {
  if (unknown !== undefined) return [`not known: ${unknown}`];
  if (!preview) return [];
  const { recipient, costs, refusal } = preview;
  return [
    `recipient: ${KINDS[recipient.kind] ?? recipient.kind}, holds ${recipient.holds.text} SOL`,
    ...(costs
      ? [`costs ${costs.total.text} SOL: fee ${costs.fee.text}, rent ${costs.rent.text}, receipt ${costs.receipt.text}`]
      : []),
    ...(refusal ? [`the wallet would refuse it: ${refusal.code}: ${refusal.message}`] : []),
  ];
}
