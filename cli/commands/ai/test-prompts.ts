import type { PromptDocument, PromptOutcome, Variables } from '../../../graph/prompts/index.ts';
import type { CliContext } from '../../context.ts';
import { badInput, CliError, EXIT } from '../../errors.ts';
import { printable } from '../../print/diff.ts';
import { readText } from '../../values.ts';

export interface TestArgs {
  /** Asks a model through this connection. */
  readonly connection?: string;
  readonly model?: string;
  readonly json: boolean;
}

/** A document, and which version of which prompt it is; null: it is a file that nobody has written to the workspace yet. */
interface Tested {
  readonly document: PromptDocument;
  readonly stored: { readonly name: string; readonly version: number } | null;
}

type Outcome = Omit<PromptOutcome, 'rendered'> & { readonly answer?: string };

/** Runs the test cases of a prompt. Without a connection, no model is asked and nothing is sent. */
export async function testPrompts(ctx: CliContext, what: string, args: TestArgs): Promise<number> {
  const { testPrompt } = await import('../../../graph/prompts/index.ts');
  const { document, stored } = await documentOf(ctx, what);
  const outcomes: Outcome[] = testPrompt(document).map(({ name, differences }) => ({ name, differences }));
  if (args.connection !== undefined) await askModel(ctx, { document, stored }, outcomes, args);
  const failed = outcomes.filter(({ differences }) => differences.length > 0).length;
  if (args.json) ctx.out(JSON.stringify({ tests: outcomes, failed }, null, 2));
  else if (outcomes.length === 0) ctx.err('The prompt has no test cases: write them under `tests`.');
  else print(ctx, outcomes, failed);
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

function print(ctx: CliContext, outcomes: readonly Outcome[], failed: number): void {
  for (const { name, differences } of outcomes) {
    ctx.out(`${differences.length === 0 ? '✔' : '✖'} ${printable(name)}`);
    for (const difference of differences) ctx.out(`  ${printable(difference)}`);
  }
  ctx.err(`${outcomes.length - failed} passed, ${failed} failed`);
}

/** Reads `NAME` or `NAME@VERSION`. */
export function readVersioned(text: string): { name: string; version: number | undefined } {
  const [, name = text, version] = /^(.*)@([1-9]\d{0,8})$/.exec(text) ?? [];
  return { name, version: version === undefined ? undefined : Number(version) };
}

async function documentOf(ctx: CliContext, what: string): Promise<Tested> {
  if (!/\.(ya?ml|json)$/.test(what)) {
    const { name, version } = readVersioned(what);
    const prompt = await ctx.client.prompt(name, version);
    return { document: prompt.document, stored: { name: prompt.name, version: prompt.version } };
  }
  const { parsePrompt } = await import('../../../graph/prompts/index.ts');
  const { document, problems } = parsePrompt(await readText(ctx, what));
  if (document !== null) return { document, stored: null };
  throw new CliError(EXIT.badInput, 'prompt.invalid', `${what} is not a prompt.`, { problems, file: what });
}

/** Seconds that a model may take to answer. */
const WAIT = 60;

/** Asks a model what each test says, one after another, and adds what is not as expected. */
async function askModel(
  ctx: CliContext,
  { document, stored }: Tested,
  outcomes: Outcome[],
  { connection, model }: TestArgs,
): Promise<void> {
  if (stored === null) throw badInput('A model can only be asked what a prompt of the workspace says.', SET_FIRST);
  if (model === undefined) throw badInput('Say which model to ask: --model MODEL.');
  const { compareText } = await import('../../../graph/prompts/index.ts');
  for (const [index, { name, variables = {}, expect = {} }] of (document.tests ?? []).entries()) {
    if (expect.fails) continue;
    const graph = graphOf({ connection: connection!, model, prompt: { ...stored, variables } });
    const run = await ctx.client.startGraph({ graph: JSON.stringify(graph) }, ctx.newKey(), WAIT);
    const said = typeof run.output === 'string' ? run.output : JSON.stringify(run.output);
    const differences =
      run.status === 'succeeded'
        ? compareText('The answer', said, expect.answer ?? {})
        : [`The model was not asked: ${run.error?.message ?? run.status}`];
    outcomes[index] = { name, differences: [...outcomes[index]!.differences, ...differences], answer: said };
  }
}

const SET_FIRST = 'Write the file with `blok prompts set NAME FILE`, then test NAME.';

/** A graph that asks a model once. */
const graphOf = (given: {
  connection: string;
  model: string;
  prompt: { name: string; version: number; variables: Variables };
}) => ({
  blok: 1,
  name: 'prompt-test',
  nodes: {
    ask: { uses: 'ai.generate', connection: given.connection, with: { model: given.model, prompt: given.prompt } },
  },
  output: '${{ nodes.ask.text }}',
});
