import { problemOf, retryAfterOf } from '../http/errors.ts';
import { PROBLEMS } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { page, text } from './html.ts';

/** A person who follows a link gets a page, even if the link cannot be used. */
export async function orPage<T>(wantsPage: boolean, answer: () => Promise<T>): Promise<T | Reply> {
  try {
    return await answer();
  } catch (error) {
    const problem = problemOf(error);
    const [status, title] = PROBLEMS[problem.code];
    if (!wantsPage || status >= 500) throw error;
    const retryAfter = retryAfterOf(problem);
    const html = page(title, `<p>${text(problem.message)}</p>`);
    return { status, html, ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }) };
  }
}
