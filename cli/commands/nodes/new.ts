import { join, relative } from 'node:path';
import type { CliContext } from '../../context.ts';
import { badInput, EXIT } from '../../errors.ts';
import { createText, readText, writeText } from '../../values.ts';
import { indexFile, type NodeNames, nodeFile, testFile, tsconfig } from './template.ts';

export interface NewNodeArgs {
  /** `provider.verbNoun`. */
  readonly type: string;
  readonly in: string;
  readonly json: boolean;
}

/** Writes a node of one's own, its test, and its line in the provider. Never replaces a file. */
export async function newNode(ctx: CliContext, args: NewNodeArgs): Promise<number> {
  const names = namesOf(args.type);
  const folder = join(args.in, names.provider);
  const node = join(folder, `${names.file}.ts`);
  const test = join(folder, `${names.file}.test.ts`);
  await createText(ctx, node, nodeFile(names));
  await createText(ctx, test, testFile(names));
  const index = await addLine(ctx, join(folder, 'index.ts'), names);
  const types = join(args.in, 'tsconfig.json');
  const written = await ctx.createFile(types, tsconfig(relative(args.in, ctx.root) || '.')).then(
    () => [types],
    () => [],
  );
  if (args.json) ctx.out(JSON.stringify({ type: args.type, files: [node, test, index, ...written] }, null, 2));
  else {
    for (const file of [node, test, index, ...written]) ctx.out(`✔ ${file}`);
    ctx.err(`Test it:  npx blok nodes test --in ${args.in}`);
    ctx.err(`Use it:   BLOK_NODES=${args.in} npm start`);
  }
  return EXIT.ok;
}

function namesOf(type: string): NodeNames {
  const [, provider, verb] = /^([a-z][a-z0-9]*)\.([a-z][A-Za-z0-9]*)$/.exec(type) ?? [];
  if (provider === undefined || verb === undefined) {
    throw badInput(
      `${type} is not a name like provider.verbNoun.`,
      'For example: npx blok nodes new acme.createInvoice',
    );
  }
  const words = verb.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return { type, provider, verb, file: words.replaceAll(' ', '-'), title: words[0]!.toUpperCase() + words.slice(1) };
}

/** The provider's file, with the node in it. */
async function addLine(ctx: CliContext, path: string, names: NodeNames): Promise<string> {
  const isNew = await ctx.createFile(path, indexFile(names)).then(
    () => true,
    () => false,
  );
  if (isNew) return path;
  const text = await readText(ctx, path);
  const list = /nodes: \[([^\]]*)\]/.exec(text);
  if (!list) throw badInput(`${path} has no line "nodes: […]".`, `Add ${names.verb} to its nodes by hand.`);
  const nodes = [...list[1]!.split(',').map((name) => name.trim()), names.verb].filter((name) => name !== '');
  const line = `import { ${names.verb} } from './${names.file}.ts';\n`;
  await writeText(ctx, path, line + text.replace(list[0], `nodes: [${nodes.join(', ')}]`));
  return path;
}
