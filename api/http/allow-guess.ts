import type { Context } from '../context.ts';
import type { Attempt } from '../guesses.ts';
import { ApiProblem } from './problem.ts';

/** Refuses a sender that was wrong too often, whether it is right now or not. @throws ApiProblem `guess.tooMany` */
export async function allowGuess({ guesses }: Context, attempt: Attempt): Promise<void> {
  const { allowed, retryAfterMs } = await guesses.judge(attempt);
  if (allowed) return;
  const words = 'Too many attempts from your address were wrong. Try again later.';
  throw new ApiProblem('guess.tooMany', words, { retryAfterMs });
}
