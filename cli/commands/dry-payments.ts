import type * as Engine from '../../graph/dry-run/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { EffectCall, EffectOutcome } from '../../graph/run-state/index.ts';
import type { CliContext } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import type { CallPreview, DryLook, Preview } from '../print/payments.ts';

/** The node types that pay, and what each of them calls the asset. */
const ASSETS: Readonly<Record<string, (given: JsonObject) => Json>> = {
  'solana.transferSol': () => 'SOL',
  'solana.transferToken': ({ mint = null }) => mint,
};

/** The node type that calls programs. */
const CALL = 'solana.callProgram';

/** So many payments and calls are looked up. */
const MOST = 20;
/** How long Blok may take to look one up, in seconds. */
const PATIENCE_S = 30;

/** The run that looks something up. What is looked up is its input, so that no text of it is an expression. */
const graphFor = (uses: string, connection: string, names: readonly string[]): string =>
  JSON.stringify({
    blok: 1,
    name: 'preview-payment',
    description:
      'Asked by a dry run: what a payment or a call of a program would take and cost, and whom it would reach.',
    nodes: {
      payment: {
        uses,
        connection,
        timeout: `${PATIENCE_S}s`,
        with: Object.fromEntries(names.map((name) => [name, `\${{ input.${name} }}`])),
      },
    },
    output: '${{ nodes.payment }}',
  });

/**
 * Plays a dry run, and asks Blok, if one answers, what each payment and each call of a program would take and cost, and whom it
 * would reach. What has no pin is answered as the chain would have it now. Nothing is signed or sent.
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
  readonly payments: readonly DryLook[];
  /** Payments and calls of which nobody was asked. */
  readonly unseen: number;
}> {
  const known = new Map<string, DryLook>();
  let isAlone = false;
  for (;;) {
    const asked = new Map<string, EffectCall>();
    const answer = (call: EffectCall): EffectOutcome => {
      const fails = engine.nameIn(options.failures ?? {}, call.path) !== undefined;
      const isLookedUp = call.uses === CALL || ASSETS[call.uses] !== undefined;
      if (fails || !isLookedUp) return engine.pinned(call, options);
      asked.set(call.path, call);
      const isPinned = engine.nameIn(options.pins ?? {}, call.path) !== undefined;
      const { preview } = known.get(call.path) ?? {};
      return isPinned || !preview ? engine.pinned(call, options) : outcomeOf(preview);
    };
    // A dry run does not wait for anybody: it is played again with each answer.
    const outcome = play({ ...options, answer });
    const open = [...asked.values()].filter(({ path }) => !known.has(path)).slice(0, MOST - known.size);
    if (open.length === 0 || isAlone) {
      const unseen = isAlone ? 0 : Math.max(0, asked.size - known.size);
      return { outcome, payments: [...known.values()], unseen };
    }
    for (const call of open) {
      const payment = await lookUp(ctx, call, { isAlone, known: [...known.values()] });
      isAlone ||= payment.isUnasked === true;
      known.set(call.path, payment);
    }
  }
}

/** A payment or a call as it would be, or why that is not known. */
async function lookUp(
  ctx: CliContext,
  call: EffectCall,
  { isAlone, known }: { readonly isAlone: boolean; readonly known: readonly DryLook[] },
): Promise<DryLook> {
  const given = (call.with?.value ?? {}) as JsonObject;
  const connection = call.effect.connection ?? '';
  const { look, input, uses } = call.uses === CALL ? aboutCall(given) : aboutPayment(given, ASSETS[call.uses]!(given));
  const looked = { step: call.path, connection, ...look };
  if (isAlone) return { ...looked, isUnasked: true };
  const asked = { ...input, before: madeBefore(connection, known) };
  const graph = graphFor(uses, connection, Object.keys(asked));
  try {
    const run = await ctx.client.startGraph({ graph, input: asked }, ctx.newKey(), PATIENCE_S);
    if (run.status === 'succeeded') return { ...looked, preview: run.output as never };
    return { ...looked, unknown: run.error?.message ?? `Blok took longer than ${PATIENCE_S} s to look it up` };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (error.exitCode === EXIT.noServer) return { ...looked, isUnasked: true };
    return { ...looked, unknown: error.message };
  }
}

/** What is asked, and what is known without an answer. */
interface About {
  readonly uses: string;
  readonly look: { readonly program: Json } | { readonly to: Json; readonly amount: Json; readonly asset: Json };
  readonly input: JsonObject;
}

function aboutPayment({ to = null, amount = null, maxPriorityFee }: JsonObject, asset: Json): About {
  const look = { to, amount, asset };
  const input = { ...look, ...(maxPriorityFee !== undefined && { maxPriorityFee }) };
  return { uses: 'solana.previewPayment', look, input };
}

function aboutCall({ payOnce: _, ...input }: JsonObject): About {
  return { uses: 'solana.previewCall', look: { program: input.program ?? null }, input };
}

/** What the wallet would have paid before in this run: it counts against its limits, too. */
const madeBefore = (connection: string, known: readonly DryLook[]): Json[] =>
  known.flatMap((one) =>
    one.connection === connection && one.preview && !one.preview.refusal ? takenBy(one.preview) : [],
  );

function takenBy(preview: Preview | CallPreview): Json[] {
  const costs = preview.costs && { costs: preview.costs.total.text };
  if (!('takes' in preview)) return [{ to: preview.to, asset: preview.asset, amount: preview.amount, ...costs }];
  const takes = preview.takes?.length ? preview.takes : [{ asset: 'SOL', text: '0' }];
  return takes.map(({ asset, text }, index) => ({
    to: preview.program,
    asset,
    amount: text,
    ...(index === 0 && costs),
  }));
}

/** What the step would answer: its output if it were paid, or why it is refused. */
function outcomeOf(preview: Preview | CallPreview): EffectOutcome {
  const { refusal, from } = preview;
  if (refusal) return { ok: false, error: { ...refusal, unknown: false, retryable: false } };
  const made = { id: 'dry-run', signature: 'dry-run', receipt: null, attempts: [], from };
  if ('takes' in preview) return { ok: true, output: { ...made, program: preview.program, changes: null, logs: [] } };
  const { to, asset, amount, raw } = preview;
  return { ok: true, output: { ...made, to, asset, amount, raw } };
}
