import type { CliContext } from '../../context.ts';
import { count, type Declaration, JSON_OPTION } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import { readText } from '../../values.ts';
import { readVersioned, testPrompts } from './test-prompts.ts';

interface Listing {
  readonly limit: number;
  readonly cursor?: string;
  readonly json: boolean;
}

/** Prints a page of a list. */
function printPage(
  ctx: CliContext,
  { json }: { json: boolean },
  page: { readonly items: readonly object[]; readonly next: string | null },
  { header, rows, none }: { header: string[]; rows: string[][]; none: string },
): number {
  if (json) ctx.out(JSON.stringify(page, null, 2));
  else if (rows.length === 0) ctx.err(none);
  else for (const line of table(header, rows)) ctx.out(line);
  if (!json && page.next !== null) ctx.err(`More: add --cursor ${page.next}`);
  return EXIT.ok;
}

/** Lists the prompts of the workspace. */
export async function listPrompts(ctx: CliContext, args: Listing): Promise<number> {
  const page = await ctx.client.prompts({ limit: args.limit, cursor: args.cursor });
  const rows = page.items.map(({ name, version, updatedAt }) => [name, `v${version}`, updatedAt]);
  return printPage(ctx, args, page, { header: ['name', 'newest', 'written'], rows, none: 'No prompts.' });
}

/** Lists the versions of a prompt. */
export async function listVersions(ctx: CliContext, name: string, args: Listing): Promise<number> {
  const page = await ctx.client.promptVersions(name, { limit: args.limit, cursor: args.cursor });
  const rows = page.items.map((each) => [`v${each.version}`, each.createdAt, each.author, each.message ?? '']);
  return printPage(ctx, args, page, { header: ['version', 'written', 'by', 'why'], rows, none: 'No more versions.' });
}

/** Prints the document of a prompt. */
export async function showPrompt(ctx: CliContext, which: string, { json }: { json: boolean }): Promise<number> {
  const { name, version } = readVersioned(which);
  const prompt = await ctx.client.prompt(name, version);
  if (json) ctx.out(JSON.stringify(prompt, null, 2));
  else {
    const { stringify } = await import('yaml');
    ctx.err(`${name} v${prompt.version}, written ${prompt.createdAt} by ${prompt.author}`);
    ctx.out(stringify(prompt.document, { lineWidth: 0 }).trimEnd());
  }
  return EXIT.ok;
}

/** Writes a file as the newest version of a prompt. */
export async function setPrompt(
  ctx: CliContext,
  { name, file, message, json }: { name: string; file: string; message?: string; json: boolean },
): Promise<number> {
  const { status, body } = await ctx.client.writePrompt(name, { document: await readText(ctx, file), message });
  if (json) ctx.out(JSON.stringify(body, null, 2));
  else if (status === 201)
    ctx.err(`✔ ${name} v${body.version}. Workflows use it when they are published the next time.`);
  else ctx.err(`${name} v${body.version} says the same already.`);
  return EXIT.ok;
}

/** How the commands about prompts are called. */
export const declarePrompts: Declaration = ({ program, does, ctx }) => {
  const prompts = program.command('prompts').description('what models are told: named texts with versions');
  const command = (usage: string, about: string) =>
    prompts
      .command(usage)
      .description(about)
      .option(...JSON_OPTION);
  const list = (usage: string, about: string) =>
    command(usage, about)
      .option('--limit <count>', 'at most this many', count(1, 500), 100)
      .option('--cursor <cursor>', 'continue where the last list ended');
  list('list', 'list the prompts').action(does((options) => listPrompts(ctx, options)));
  list('versions <name>', 'list the versions of a prompt, the newest first').action(
    does((name: string, options) => listVersions(ctx, name, options)),
  );
  command('show <name>', 'print a prompt: NAME or NAME@VERSION').action(
    does((name: string, options) => showPrompt(ctx, name, options)),
  );
  command('set <name> <file>', 'write a file as the newest version of a prompt')
    .option('--message <text>', 'why it is written')
    .action(does((name: string, file: string, options) => setPrompt(ctx, { name, file, ...options })));
  command('test <name|file>', 'run the test cases of a prompt (NAME or NAME@VERSION), or of a file')
    .option('--connection <name>', 'also ask a model through this connection, and check its answers')
    .option('--model <model>', 'the model to ask')
    .action(does((what: string, options) => testPrompts(ctx, what, options)));
};
