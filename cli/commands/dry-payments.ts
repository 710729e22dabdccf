import type * as Engine from '../../graph/dry-run/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { EffectCall, EffectOutcome } from '../../graph/run-state/index.ts';
import type { CliContext } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import type { DryPayment, Preview, ProgramCall, Unseen } from '../print/payments.ts';

/** The node types that pay, and what each of them calls the asset. */
const ASSETS: Readonly<Record<string, (given: JsonObject) => Json>> = {
  'solana.transferSol': () => 'SOL',
  'solana.transferToken': ({ mint = null }) => mint,
};

/** The node type that calls programs. */
const CALL = 'solana.callProgram';

/** So many payments are looked up. */
const MOST = 20;
/** How long Blok may take to look one up, in seconds. */
const PATIENCE_S = 30;

/** The run that looks a payment up. What is looked up is its input, so that no text of it is an expression. */
const graphFor = (connection: string): string =>
  JSON.stringify({
    blok: 1,
    name: 'preview-payment',
    description: 'Asked by a dry run: what a payment would cost, and whom it would reach.',
    nodes: {
      payment: {
        uses: 'solana.previewPayment',
        connection,
        timeout: `${PATIENCE_S}s`,
        with: {
          to: '${{ input.to }}',
          asset: '${{ input.asset }}',
          amount: '${{ input.amount }}',
          maxPriorityFee: '${{ input.maxPriorityFee }}',
          before: '${{ input.before }}',
        },
      },
    },
    output: '${{ nodes.payment }}',
  });

/**
 * Plays a dry run, and asks Blok, if one answers, what each payment of it would cost and whom it would reach. A payment
 * without a pin is answered as the chain would have it now. Nothing is signed or sent.
 */
export async function playWithPayments(
  ctx: CliContext,
  engine: typeof Engine,
  {
    play,
    ...options
  }: Engine.DryRunOptions & { readonly play: (options: Engine.DryRunOptions) => Engine.DryRunOutcome },
): Promise<{
  readonly outcome: Engine.DryRunOutcome;
  readonly payments: readonly DryPayment[];
  readonly unseen: Unseen;
}> {
  const known = new Map<string, DryPayment>();
  let isAlone = false;
  for (;;) {
    const asked = new Map<string, EffectCall>();
    const calls = new Map<string, ProgramCall>();
    const answer = (call: EffectCall): EffectOutcome => {
      const fails = engine.nameIn(options.failures ?? {}, call.path) !== undefined;
      if (call.uses === CALL && !fails) calls.set(call.path, programCall(call));
      if (fails || ASSETS[call.uses] === undefined) return engine.pinned(call, options);
      asked.set(call.path, call);
      const isPinned = engine.nameIn(options.pins ?? {}, call.path) !== undefined;
      const { preview } = known.get(call.path) ?? {};
      return isPinned || !preview ? engine.pinned(call, options) : outcomeOf(preview);
    };
    // A dry run does not wait for anybody: it is played again with each answer.
    const outcome = play({ ...options, answer });
    const open = [...asked.values()].filter(({ path }) => !known.has(path)).slice(0, MOST - known.size);
    if (open.length === 0 || isAlone) {
      const unseen = { calls: [...calls.values()], payments: isAlone ? 0 : asked.size - known.size };
      return { outcome, payments: [...known.values()], unseen };
    }
    for (const call of open) {
      const payment = await lookUp(ctx, call, { isAlone, known: [...known.values()] });
      isAlone ||= payment.isUnasked === true;
      known.set(call.path, payment);
    }
  }
}

const programCall = ({ path, effect, with: given }: EffectCall): ProgramCall => ({
  step: path,
  connection: effect.connection ?? '',
  program: ((given?.value ?? {}) as JsonObject).program ?? null,
});

/** A payment as it would be, or why that is not known. */
async function lookUp(
  ctx: CliContext,
  call: EffectCall,
  { isAlone, known }: { readonly isAlone: boolean; readonly known: readonly DryPayment[] },
): Promise<DryPayment> {
  const given = (call.with?.value ?? {}) as JsonObject;
  const { to = null, amount = null, maxPriorityFee } = given;
  const asset = ASSETS[call.uses]!(given);
  const connection = call.effect.connection ?? '';
  const payment = { step: call.path, connection, to, amount, asset };
  if (isAlone) return { ...payment, isUnasked: true };
  const before = madeBefore(connection, known);
  const input = { to, amount, asset, before, ...(maxPriorityFee !== undefined && { maxPriorityFee }) };
  try {
    const run = await ctx.client.startGraph({ graph: graphFor(connection), input }, ctx.newKey(), PATIENCE_S);
    if (run.status === 'succeeded') return { ...payment, preview: run.output as unknown as Preview };
    return { ...payment, unknown: run.error?.message ?? `Blok took longer than ${PATIENCE_S} s to look it up` };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (error.exitCode === EXIT.noServer) return { ...payment, isUnasked: true };
    return { ...payment, unknown: error.message };
  }
}

/** What the wallet would have paid before in this run: it counts against its limits, too. */
const madeBefore = (connection: string, known: readonly DryPayment[]) =>
  known.flatMap(({ connection: other, preview }) =>
    other === connection && preview && !preview.refusal
      ? [
          {
            ...{ to: preview.to, asset: preview.asset, amount: preview.amount },
            ...(preview.costs && { costs: preview.costs.total.text }),
          },
        ]
      : [],
  );

/** What the step would answer: its output if it were paid, or why it is refused. */
function outcomeOf({ from, to, asset, amount, raw, refusal }: Preview): EffectOutcome {
  if (refusal) return { ok: false, error: { ...refusal, unknown: false, retryable: false } };
  const made = { id: 'dry-run', signature: 'dry-run', receipt: null, attempts: [] };
  return { ok: true, output: { ...made, from, to, asset, amount, raw } };
}
