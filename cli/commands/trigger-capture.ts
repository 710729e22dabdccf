import type { CliContext } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import { printCall } from '../print/call.ts';
import { writeJson } from '../values.ts';
import type { Capture } from '../wire.ts';

/** What `blok trigger capture` is told. */
export interface CaptureArgs {
  readonly workflow: string;
  readonly id: string;
  readonly next: number;
  readonly instead: boolean;
  readonly as: 'input' | 'pin';
  readonly save?: string;
  readonly json: boolean;
}

const LOOK_EVERY_MS = 500;

/** Holds the next calls of a webhook, and prints each as it comes. Ctrl-C ends that. */
export async function captureCalls(ctx: CliContext, args: CaptureArgs): Promise<number> {
  const { workflow, id, next, instead, json } = args;
  let held = await ctx.client.capture(workflow, id, { next, instead });
  if (!json)
    ctx.err(`Waiting for ${next === 1 ? 'a call' : `${next} calls`} at ${held.address}, until ${held.expiresAt}.`);
  const printed = new Set<number>();
  for (;;) {
    for (const call of held.calls.filter(({ seq }) => !printed.has(seq))) {
      printed.add(call.seq);
      if (!json) printCall(ctx, call);
      await save(ctx, args, call.seq);
    }
    if (!held.open || ctx.interrupted.aborted) break;
    await ctx.sleep(LOOK_EVERY_MS);
    held = await lookAgain(ctx, args, held);
  }
  if (json) ctx.out(JSON.stringify(held.calls, null, 2));
  // Otherwise calls would be held, and perhaps start no runs, although nobody looks any more.
  if (held.open) await ctx.client.endCapture(workflow, id);
  if (ctx.interrupted.aborted) return EXIT.interrupted;
  // Refused calls have higher numbers, and are held besides.
  const taken = held.calls.filter(({ seq }) => seq <= next).length;
  if (taken === next) return EXIT.ok;
  ctx.err(`Only ${taken} of ${next} calls came that were not refused.`);
  return EXIT.failed;
}

/** What is held now. If somebody else has ended the capture, nothing more comes. */
async function lookAgain(ctx: CliContext, { workflow, id }: CaptureArgs, before: Capture): Promise<Capture> {
  try {
    return await ctx.client.getCapture(workflow, id);
  } catch (error) {
    if (error instanceof CliError && error.code === 'capture.notFound') return { ...before, open: false };
    throw error;
  }
}

/** Writes a call to the file; if there are several, each has its number in the name. */
async function save(ctx: CliContext, { workflow, id, next, as, save: file }: CaptureArgs, seq: number): Promise<void> {
  if (file === undefined) return;
  const { value } = await ctx.client.useCall(workflow, id, { seq, as });
  const name = next === 1 ? file : file.replace(/(\.[^./\\]*)?$/, `-${seq}$1`);
  await writeJson(ctx, name, value);
  const use =
    as === 'pin' ? `blok run FILE --dry --pin ${id}=@${name}` : `blok trigger fire ${workflow} ${id} --data @${name}`;
  ctx.err(`Written to ${name}. Use it: ${use}`);
}
