import type { Context } from '../context.ts';
import { allowGuess, noteWrong } from '../http/allow-guess.ts';
import { ApiProblem, type ProblemCode } from '../http/problem.ts';
import type { Input, Reply } from '../http/route.ts';
import { orPage } from './or-page.ts';

/** What is answered to whoever has no right address. */
const GUESSED: ReadonlySet<ProblemCode> = new Set(['form.notFound', 'link.notFound']);

/**
 * A page that is open to whoever knows its address: a person gets a page also if it cannot be shown, and whoever tries
 * addresses is slowed down.
 */
export function openPage<T>(
  ctx: Context,
  { sender, wantsPage }: Pick<Input, 'sender' | 'wantsPage'>,
  answer: () => Promise<T>,
): Promise<T | Reply> {
  const attempt = { at: 'pages', sender };
  return orPage(wantsPage, async () => {
    await allowGuess(ctx, attempt);
    try {
      return await answer();
    } catch (error) {
      if (error instanceof ApiProblem && GUESSED.has(error.code)) await noteWrong(ctx, attempt);
      throw error;
    }
  });
}
