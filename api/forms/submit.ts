import { randomUUID } from 'node:crypto';
import { mintViewToken, runIdOf, workflowIdOf } from '../../db/index.ts';
import { type Answers, placeOf, readForm, rowCount, rowsOf } from '../../graph/form/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { problemOf } from '../http/errors.ts';
import { ApiProblem, PROBLEMS } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import type { Filled } from '../pages/body.ts';
import { fieldJson } from '../pages/field-json.ts';
import { ADD_ROW } from '../pages/fields.ts';
import { type FormFiles, filesOf } from '../pages/files.ts';
import { type Fired, fire } from '../triggers/fire.ts';
import { findForm, type OpenForm } from './find-form.ts';
import { formPage, ONCE } from './show.ts';

/** How long whoever has sent a form may look at what came of it. */
const VIEW_MS = 30 * 86_400_000;

/**
 * Starts the run of a filled-in form, and leads to the page of its result. The same form sent twice (a double click, a
 * reload) starts one run. If something is wrong with it, its page comes again with what was filled in.
 *
 * @throws ApiProblem as `findForm`; `trigger.declined`; `link.used`, `form.sent` if it was sent before with other answers
 */
export async function submit(
  ctx: Context,
  input: { token: string; link?: string | undefined; filled: Filled; wantsPage: boolean },
): Promise<Reply> {
  const { entries, files } = input.filled;
  const open = await findForm(ctx, input);
  const once = onceOf(entries.get(ONCE)?.[0]);
  const list = entries.get(ADD_ROW)?.[0];
  if (list !== undefined) {
    const more = new Map(entries).set(rowsOf(list), [String(rowCount(entries, list) + 1)]);
    return { status: 200, html: formPage(open, { entries: more, errors: new Map() }, once) };
  }
  const given = await filesOf(files);
  const answers = readForm(open.form, open.graph.input, { entries, files: given.values, parseJson: fieldJson });
  const again: Again = (status, errors) => ({ status, html: formPage(open, { entries, errors }, once) });
  if (answers.errors.size > 0) return again(422, answers.errors);
  const key = open.link?.key ?? `form/${once}`;
  const sent = send(ctx, open, { token: input.token, key, given, value: answers.value, again });
  return input.wantsPage ? sent.catch((error) => keepFilled(ctx, error, again)) : sent;
}

/** The page of the form once more, with what was filled in. */
type Again = (status: number, errors: Answers['errors']) => Reply;

/** If it is our fault that answers are not taken, whoever gave them must not have to give them again. */
function keepFilled(ctx: Context, error: unknown, again: Again): Reply {
  const { code, message } = problemOf(error);
  const [status] = PROBLEMS[code];
  if (status < 500 && status !== 429) throw error;
  ctx.log.error({ code, err: error }, 'a form was not taken; its page was shown again');
  return again(status, new Map([['', `${message} What you filled in is still here: send it again in a moment.`]]));
}

/** Starts the run of answers that fit the form. */
async function send(
  ctx: Context,
  open: OpenForm,
  { token, key, given, value, again }: { token: string; key: string; given: FormFiles; value: Json; again: Again },
): Promise<Reply> {
  await given.store(ctx, runIdFor(ctx, open, key));
  const fired = await fireOnce(ctx, open, key, value);
  if (fired.outcome === 'declined')
    throw new ApiProblem('trigger.declined', 'These answers were read, and there is nothing to do for them.');
  if (fired.outcome === 'refused') {
    const { code, problems, message } = fired.error;
    if (code !== 'input.invalid') throw fired.error;
    return again(422, new Map([[placeOf(open.form, problems?.[0]?.path ?? ''), message]]));
  }
  // No graph with a form may have such a word: whoever sends a form sees its run.
  if (fired.outcome === 'held') throw new Error('the answers of a form are held');
  await fired.started.open();
  return seeOther(ctx, token, fired.started.runId);
}

/** @throws ApiProblem `link.used`, `form.sent` if the key has started a run with other answers */
async function fireOnce(ctx: Context, { row, link }: OpenForm, key: string, input: Json): Promise<Fired> {
  try {
    return await fire(ctx, { row, key, fields: { by: 'form' }, input, body: { values: input } });
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'idempotency.mismatch')) throw error;
    throw link
      ? new ApiProblem('link.used', 'This link was used already; it works once.')
      : new ApiProblem(
          'form.sent',
          'This form was sent already, with other answers. Open it again to send another one.',
        );
  }
}

/** What the page says, or something new if it says nothing that a page of ours would say. */
const onceOf = (given: string | undefined): string => (given && /^[0-9a-f-]{36}$/.test(given) ? given : randomUUID());

const runIdFor = (ctx: Context, { row: { workflow, id } }: OpenForm, key: string): string =>
  runIdOf(workflowIdOf({ workspace: ctx.workspace, workflow, trigger: id, key }));

function seeOther(ctx: Context, token: string, runId: string): Reply {
  const expiresAt = new Date(Date.now() + VIEW_MS).toISOString();
  const view = mintViewToken(ctx.keyring, { workspace: ctx.workspace, runId, expiresAt });
  return { status: 303, html: '', headers: { location: `/forms/${token}/results/${view}` } };
}
