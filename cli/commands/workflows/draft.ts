import type { CliContext } from '../../context.ts';
import { type Declaration, JSON_OPTION, STRICT } from '../../declare.ts';
import { CliError, EXIT } from '../../errors.ts';
import { compareTexts } from '../../graph-file.ts';
import { coloured } from '../../print/diff.ts';
import { problemLines } from '../../print/problems.ts';
import { readText, writeText } from '../../values.ts';
import type { DraftView } from '../../wire.ts';
import { printPublished } from './publish.ts';

interface DraftArgs {
  readonly workflow: string;
  readonly json: boolean;
}

/** Prints the text of a draft, or writes it to a file. Its problems go to standard error. */
export async function showDraft(ctx: CliContext, args: DraftArgs & { output?: string }): Promise<number> {
  const draft = await ctx.client.draft(args.workflow);
  if (args.output !== undefined) await writeText(ctx, args.output, draft.text);
  if (args.json) ctx.out(JSON.stringify(draft, null, 2));
  else {
    if (args.output === undefined) ctx.out(draft.text.replace(/\n$/, ''));
    printState(ctx, draft, args.output ?? args.workflow);
  }
  return EXIT.ok;
}

/** Stores a file as the draft, whatever is wrong with it. A draft that is there is overwritten only by `force`. */
export async function saveDraft(ctx: CliContext, args: DraftArgs & { file: string; force: boolean }): Promise<number> {
  const text = await readText(ctx, args.file);
  const known = await findDraft(ctx, args.workflow);
  if (known !== null && known.text !== text && !args.force) throw inTheWay(known);
  const draft = await ctx.client.putDraft(args.workflow, text, { etag: known?.etag ?? null });
  if (args.json) ctx.out(JSON.stringify(draft, null, 2));
  else {
    printState(ctx, draft, args.file);
    ctx.out(`✔ the draft of ${draft.name} is stored`);
  }
  return EXIT.ok;
}

/** Publishes the draft. */
export async function publishDraft(
  ctx: CliContext,
  args: DraftArgs & { strict: boolean; message?: string },
): Promise<number> {
  const { workflow, message, strict } = args;
  const { etag } = await ctx.client.draft(workflow);
  printPublished(ctx, await ctx.client.publishDraft(workflow, { message, etag, strict }), {
    ...args,
    file: workflow,
  });
  return EXIT.ok;
}

/** Shows what the draft changes of what is published. */
export async function diffDraft(ctx: CliContext, { workflow, json }: DraftArgs): Promise<number> {
  const draft = await ctx.client.draft(workflow);
  if (json) {
    ctx.out(JSON.stringify(await ctx.client.draftDiff(workflow), null, 2));
    return EXIT.ok;
  }
  const published = draft.published === null ? null : (await ctx.client.version(workflow)).text;
  for (const line of await compareTexts(published, draft.text)) ctx.out(coloured(line, ctx.colours));
  return EXIT.ok;
}

/** Discards the draft. */
export async function discardDraft(ctx: CliContext, { workflow, json }: DraftArgs): Promise<number> {
  const { etag } = await ctx.client.draft(workflow);
  const answer = await ctx.client.deleteDraft(workflow, { etag });
  ctx.out(json ? JSON.stringify(answer, null, 2) : `✔ the draft of ${workflow} is discarded`);
  return EXIT.ok;
}

function printState(ctx: CliContext, draft: DraftView, file: string): void {
  for (const line of problemLines(file, draft.problems)) ctx.err(line);
  if (draft.published !== null && draft.base !== null && draft.base < draft.published)
    ctx.err(
      `It began from version ${draft.base}; version ${draft.published} is published (blok draft diff ${draft.name}).`,
    );
}

async function findDraft(ctx: CliContext, workflow: string): Promise<DraftView | null> {
  try {
    return await ctx.client.draft(workflow);
  } catch (error) {
    if (error instanceof CliError && error.code === 'draft.notFound') return null;
    throw error;
  }
}

const inTheWay = ({ name, author, updatedAt }: DraftView): CliError =>
  new CliError(
    EXIT.badInput,
    'draft.unmatched',
    `There is a draft of ${name} already, changed by ${author} at ${updatedAt}.`,
    { hint: `blok draft show ${name} shows it; --force overwrites it.` },
  );

/** How the commands about a draft are called. */
export const declareDraft: Declaration = ({ program, does, ctx }) => {
  const draft = program.command('draft').description('show, save, compare, publish, discard … a draft');
  const one = (usage: string, about: string) =>
    draft
      .command(usage)
      .description(about)
      .option(...JSON_OPTION);
  one('show <workflow>', 'print the text of the draft, and its problems')
    .option('-o, --output <file>', 'write it to a file')
    .action(does((workflow: string, options) => showDraft(ctx, { workflow, ...options })));
  one('save <workflow> <file>', 'store a file as the draft, whatever is wrong with it')
    .option('--force', 'overwrite the draft that is there', false)
    .action(does((workflow: string, file: string, options) => saveDraft(ctx, { workflow, file, ...options })));
  one('diff <workflow>', 'show what the draft changes of what is published').action(
    does((workflow: string, options) => diffDraft(ctx, { workflow, ...options })),
  );
  one('publish <workflow>', 'publish the draft as a new version')
    .option(...STRICT)
    .option('-m, --message <text>', 'why')
    .action(does((workflow: string, options) => publishDraft(ctx, { workflow, ...options })));
  one('discard <workflow>', 'discard the draft').action(
    does((workflow: string, options) => discardDraft(ctx, { workflow, ...options })),
  );
};
