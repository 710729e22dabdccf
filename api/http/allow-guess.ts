import type { Verdict } from '../../throttle/index.ts';
import type { Context } from '../context.ts';
import type { Attempt } from '../guesses.ts';
import { ApiProblem } from './problem.ts';

/** Refuses a sender that was wrong too often, whether it is right now or not. @throws ApiProblem `guess.tooMany` */
export async function allowGuess({ guesses }: Context, attempt: Attempt): Promise<void> {
  requireAllowed(await guesses.judge(attempt));
}

/**
 * Notes that a sender was wrong.
 *
 * @throws ApiProblem `guess.tooMany` if it was wrong too often, perhaps with attempts at the same time
 */
export async function noteWrong({ guesses }: Context, attempt: Attempt): Promise<void> {
  requireAllowed(await guesses.wrong(attempt));
}

function requireAllowed({ allowed, retryAfterMs }: Verdict): void {
  if (allowed) return;
  const words = 'Too many attempts from your address were wrong. Try again later.';
  throw new ApiProblem('guess.tooMany', words, { retryAfterMs });
}
