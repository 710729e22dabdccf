import { getRunSummary, readViewToken, resolveVariables, triggerByToken } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { triggerParameters } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { page, text } from '../pages/html.ts';
import { currentRun, isEnd, waitForEnd } from '../runs/load.ts';
import { loadVersion } from '../start/published.ts';

/** How long the page waits for the end of the run before it is shown, and after how long a browser asks again. */
const WAIT_SECONDS = 5;
const REFRESH_SECONDS = 2;
/** Longest result that is shown, in characters. */
const LONGEST = 20_000;

/**
 * The page of what came of a form: the state of its run and, in the end, its result. It shows nothing else of the run, and
 * nothing of any other.
 *
 * @throws ApiProblem `link.notFound`, `link.expired`
 */
export async function result(
  ctx: Context,
  { token, view, signal }: { token: string; view: string; signal: AbortSignal },
): Promise<Reply> {
  const claim = readViewToken(ctx.keyring, view);
  if (claim?.workspace !== ctx.workspace) throw unknown();
  if (Date.parse(claim.expiresAt) <= Date.now()) throw new ApiProblem('link.expired', 'This link has expired.');
  const { runId } = claim;
  const [row, run] = await ctx.tenant(async (tx) => [
    await triggerByToken(tx, { token }),
    await getRunSummary(tx, { runId }),
  ]);
  // The page belongs to the form: whoever changes the form's address closes its results, too.
  if (row?.uses !== 'form' || (run && run.workflow !== row.workflow)) throw unknown();
  if (!run) return waiting('It has been taken, and will begin in a moment.');
  const outcome = run.endedAt === null ? await waitForEnd(ctx, { ...run, seconds: WAIT_SECONDS, signal }) : null;
  const { status, output } = await currentRun(ctx, runId, outcome);
  if (!isEnd(status)) return waiting(STATES[status] ?? 'It is being worked on.');
  if (status !== 'succeeded')
    return {
      status: 200,
      html: page('It did not succeed', `<p>Nothing more will happen. If you ask about it, name ${text(runId)}.</p>`),
    };
  const { thanks, shown } = await wordsOf(ctx, row.workflow, row.id, run.version);
  const body = shown
    ? outcome?.outputRef
      ? '<p>The result is too large for this page.</p>'
      : valueHtml((output ?? null) as Json)
    : '';
  return { status: 200, html: page(thanks, body || '<p>You can close this page.</p>') };
}

const unknown = (): ApiProblem => new ApiProblem('link.notFound', 'This link is not one of ours, or not complete.');

const STATES: Readonly<Record<string, string>> = {
  waiting: 'It waits for something, such as a decision. You can close this page, or keep its address.',
  paused: 'It is paused.',
};

/** A page that looks again by itself, also without a script. A header does that, because people can follow the link instead. */
const waiting = (words: string): Reply => ({
  status: 200,
  html: page('Thank you', `<p role="status">${text(words)}</p><p><a href="">Look again</a></p>`),
  headers: { refresh: String(REFRESH_SECONDS) },
});

async function wordsOf(ctx: Context, workflow: string, id: string, version: number | null) {
  const { graph, vars } = await ctx.tenant(async (tx) => {
    const one = await loadVersion(ctx, tx, { name: workflow, ...(version === null ? {} : { version }) });
    return { graph: one.graph, vars: await resolveVariables(tx, { workflow, defaults: one.graph.vars ?? {} }) };
  });
  const { thanks, result: shows } = triggerParameters(graph, id, vars);
  return { thanks: typeof thanks === 'string' && thanks !== '' ? thanks : 'Done', shown: shows !== 'hidden' };
}

/** A value for people: a text as it is, the fields of an object as a list, anything else as JSON. */
function valueHtml(value: Json): string {
  if (value === null) return '';
  if (typeof value !== 'object') return `<p>${text(cut(String(value)))}</p>`;
  if (Array.isArray(value)) return `<pre>${text(cut(JSON.stringify(value, null, 2)))}</pre>`;
  const fields = Object.entries(value).slice(0, 200);
  const shown = fields.map(([name, one]) => `<dt>${text(name)}</dt><dd>${one === null ? '–' : shownValue(one)}</dd>`);
  return cutHtml(`<dl>${shown.join('')}</dl>`, value);
}

const shownValue = (value: Json): string =>
  typeof value === 'object' ? `<pre>${text(cut(JSON.stringify(value, null, 2)))}</pre>` : text(cut(String(value)));

const cutHtml = (html: string, value: Json): string =>
  html.length > 10 * LONGEST ? `<pre>${text(cut(JSON.stringify(value, null, 2)))}</pre>` : html;

const cut = (long: string): string => (long.length > LONGEST ? `${long.slice(0, LONGEST)}…` : long);
