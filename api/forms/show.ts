import { randomUUID } from 'node:crypto';
import { initialEntries } from '../../graph/form/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { fieldsHtml, hasFiles, type Shown, summaryHtml } from '../pages/fields.ts';
import { page, text } from '../pages/html.ts';
import { findForm, type OpenForm, runOf } from './find-form.ts';

/** Name of the hidden field that tells one filled-in form from another. */
export const ONCE = '+once';

/** The page of a form. Opening it starts nothing. */
export async function show(ctx: Context, input: { token: string; link?: string | undefined }): Promise<Reply> {
  const open = await findForm(ctx, input);
  if (open.link && (await runOf(ctx, open.row, open.link.key)))
    throw new ApiProblem('link.used', 'This link was used already; it works once.');
  const shown = { entries: initialEntries(open.form), errors: new Map<string, string>() };
  return { status: 200, html: formPage(open, shown, randomUUID()) };
}

/** The page of a form with what was filled in, and what is wrong with it. */
export function formPage({ form, title, description, submit }: OpenForm, shown: Shown, once: string): string {
  const about = description === null ? '' : `<p>${text(description)}</p>`;
  const encoding = hasFiles(form) ? ' enctype="multipart/form-data"' : '';
  const again =
    shown.errors.size > 0 && hasFiles(form) ? '<p>Choose the files again: a browser does not keep them.</p>' : '';
  // The browser's own checks would keep the form from us, and say less.
  return page(
    title,
    `${about}${summaryHtml(form, shown)}${again}<form method="post" novalidate${encoding}>` +
      `<input type="hidden" name="${ONCE}" value="${text(once)}">${fieldsHtml(form, shown)}` +
      `<p><button>${text(submit)}</button></p></form>`,
  );
}
