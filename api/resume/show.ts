import { initialEntries } from '../../graph/form/index.ts';
import type { Context } from '../context.ts';
import type { Reply } from '../http/route.ts';
import { fieldsHtml, hasFiles, type Shown, summaryHtml } from '../pages/fields.ts';
import { page, text } from '../pages/html.ts';
import { approvalForm } from './approval-form.ts';
import { type Link, readLink } from './read-link.ts';

/** The page of a link: what it decides, and a button for each way. Looking at it (as mail scanners do) decides nothing. */
export async function show(ctx: Context, input: { token: string }): Promise<Reply> {
  return { status: 200, html: linkPage(await readLink(ctx, input.token)) };
}

/** The page of a link. `filled`: what was filled in before, and what is wrong with it. */
export function linkPage({ run, wait }: Link, filled?: Shown): string {
  const detail = (wait.detail ?? {}) as { title?: unknown; message?: unknown };
  const title =
    typeof detail.title === 'string' ? detail.title : wait.kind === 'approval' ? 'Approval' : `Continue: ${wait.event}`;
  const message = typeof detail.message === 'string' ? `<p>${text(detail.message)}</p>` : '';
  const form = approvalForm(wait)?.field;
  const shown = filled ?? { entries: form ? initialEntries(form) : new Map(), errors: new Map() };
  const fields = form ? summaryHtml(form, shown) + fieldsHtml(form, shown) : '';
  const comment = text(shown.entries.get('comment')?.[0] ?? '');
  const buttons =
    wait.kind === 'approval'
      ? `<div class="field"><label for="comment">Comment</label><input id="comment" name="comment" maxlength="1000" value="${comment}"></div>` +
        '<p><button name="decision" value="approved">Approve</button> <button name="decision" value="rejected">Reject</button></p>'
      : '<p><button>Continue</button></p>';
  const where = `Workflow ${text(run.workflow)}, run ${text(run.id)}, step ${text(wait.step)}`;
  const encoding = form && hasFiles(form) ? ' enctype="multipart/form-data"' : '';
  return page(
    title,
    `${message}<form method="post" novalidate${encoding}>${fields}${buttons}</form><footer>${where}</footer>`,
  );
}
