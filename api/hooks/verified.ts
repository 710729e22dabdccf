import type { Sender } from '../../guard/sender.ts';
import type { Context } from '../context.ts';
import type { Attempt } from '../guesses.ts';
import { allowGuess, noteWrong } from '../http/allow-guess.ts';
import { ApiProblem } from '../http/problem.ts';
import { type Hook, unready } from './find-hook.ts';
import type { HookReads } from './reads.ts';
import type { Head, Received } from './request.ts';
import { openKeys } from './verify/keys.ts';
import { PRESETS } from './verify/table.ts';
import type { Preset } from './verify/types.ts';

/** A request that could not be verified. The answer never says which part was wrong. */
export class Unverified extends ApiProblem {
  /** For `www-authenticate`. */
  readonly scheme: string | undefined;

  constructor(scheme: string | undefined) {
    super('hook.refused', 'This request cannot be shown to come from the sender that the webhook expects.');
    this.scheme = scheme;
  }
}

/**
 * Slows down whoever tries secrets, before the request is read. Only secrets that are sent themselves are worth trying: a
 * signature needs a key that nobody guesses, and no flood of wrong ones must keep its sender out.
 *
 * @throws ApiProblem `guess.tooMany`
 */
export async function allowAttempt(ctx: Context, hook: Hook, sender: Sender): Promise<void> {
  if (PRESETS.get(hook.options.verify)?.isGuessable) await allowGuess(ctx, attemptAt(hook, sender));
}

const attemptAt = ({ row: { workflow, id } }: Hook, sender: Sender) => ({
  at: `hook/${workflow}/${id}`,
  sender,
});

/**
 * Checks the secret of a request whose body is still to come, if the secret is in its headers: nobody without it may send
 * a body. While calls are captured, refused ones are shown with their bodies, so nothing is checked before these are here.
 *
 * @throws as `requireVerified`
 */
export async function requireCredential(
  ctx: Context,
  hook: Hook,
  { head, reads }: { head: Head; reads: HookReads },
): Promise<void> {
  const isInHead = PRESETS.get(hook.options.verify)?.isGuessable === true;
  const none = Buffer.alloc(0);
  if (isInHead && hook.row.capture === null)
    await requireVerified(ctx, hook, { received: { ...head, raw: none, body: none }, reads });
}

/**
 * Verifies a request over the bytes that came. Refused requests are counted.
 *
 * @returns the preset that did it
 * @throws Unverified; ApiProblem `guess.tooMany`; `hook.unready` if there is no secret to verify with
 */
export async function requireVerified(
  ctx: Context,
  hook: Hook,
  { received, reads }: { received: Received; reads: HookReads },
): Promise<Preset> {
  const { verify, hmac, toleranceMs } = hook.options;
  const preset = PRESETS.get(verify);
  if (preset === undefined) throw await unready(ctx, hook.row, `There is no way to verify that is called "${verify}".`);
  const keys = await openKeys(reads, { verify, preset, connection: hook.connection });
  if (typeof keys === 'string') throw await unready(ctx, hook.row, keys);
  const options = { now: Date.now(), toleranceMs, hmac };
  const { raw, body } = received;
  // A sender that compresses may have signed what it compressed.
  const isGenuine =
    preset.check(received, raw, keys, options) || (raw !== body && preset.check(received, body, keys, options));
  if (isGenuine) {
    if (preset.isGuessable) await noteRight(ctx, attemptAt(hook, received.sender));
    return preset;
  }
  ctx.tally.count(hook.row, 'seen');
  ctx.tally.count(hook.row, 'refused');
  if (preset.isGuessable) await noteWrong(ctx, attemptAt(hook, received.sender));
  throw new Unverified(preset.scheme);
}

/** Of many attempts at the same time, the right one must not show which it is. @throws ApiProblem `guess.tooMany` */
async function noteRight(ctx: Context, attempt: Attempt): Promise<void> {
  await allowGuess(ctx, attempt);
  ctx.guesses.right(attempt);
}
