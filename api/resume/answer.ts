import { readForm, rowCount, rowsOf } from '../../graph/form/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import type { Reply } from '../http/route.ts';
import type { Filled } from '../pages/body.ts';
import { fieldJson } from '../pages/field-json.ts';
import { ADD_ROW } from '../pages/fields.ts';
import { filesOf } from '../pages/files.ts';
import { page } from '../pages/html.ts';
import { approvalForm } from './approval-form.ts';
import { type Answer, decide } from './decide.ts';
import { readLink } from './read-link.ts';
import { linkPage } from './show.ts';

/**
 * Answers a link with what its page sent. If the values do not fit the form of the approval, the page comes again with
 * what was filled in; nothing is decided then. To reject takes no values.
 *
 * @throws ApiProblem as `decide`
 */
export async function answerPage(
  ctx: Context,
  input: Omit<Answer, 'values'> & { token: string; filled: Filled },
): Promise<Reply> {
  const { filled, ...answer } = input;
  const link = await readLink(ctx, input.token);
  const form = approvalForm(link.wait);
  const { entries } = filled;
  const list = entries.get(ADD_ROW)?.[0];
  if (list !== undefined) {
    const more = new Map(entries).set(rowsOf(list), [String(rowCount(entries, list) + 1)]);
    return { status: 200, html: linkPage(link, { entries: more, errors: new Map() }) };
  }
  let values: Json | undefined;
  if (form && answer.decision === 'approved') {
    const files = await filesOf(filled.files);
    const given = { entries, files: files.values, parseJson: fieldJson };
    const { value, errors } = readForm(form.field, form.schema, given);
    if (errors.size > 0) return { status: 422, html: linkPage(link, { entries, errors }) };
    await files.store(ctx, link.run.id);
    values = value;
  }
  await decide(ctx, { ...answer, ...(values === undefined ? {} : { values }) });
  return { status: 200, html: page('Thank you', '<p>Your answer is on its way. You can close this page.</p>') };
}
