import type { Context } from '../context.ts';
import type { Reply } from '../http/route.ts';
import { page, text } from './html.ts';
import { readLink } from './read-link.ts';

/** The page of a link: what it decides, and a button for each way. Looking at it (as mail scanners do) decides nothing. */
export async function show(ctx: Context, input: { token: string }): Promise<Reply> {
  const { run, wait } = await readLink(ctx, input.token);
  const detail = (wait.detail ?? {}) as { title?: unknown; message?: unknown };
  const title =
    typeof detail.title === 'string' ? detail.title : wait.kind === 'approval' ? 'Approval' : `Continue: ${wait.event}`;
  const message = typeof detail.message === 'string' ? `<p>${text(detail.message)}</p>` : '';
  const buttons =
    wait.kind === 'approval'
      ? '<label>Comment <input name="comment" maxlength="1000"></label><p><button name="decision" value="approved">Approve</button> <button name="decision" value="rejected">Reject</button></p>'
      : '<p><button>Continue</button></p>';
  const where = `Workflow ${text(run.workflow)}, run ${text(run.id)}, step ${text(wait.step)}`;
  return { status: 200, html: page(title, `${message}<form method="post">${buttons}</form><footer>${where}</footer>`) };
}
