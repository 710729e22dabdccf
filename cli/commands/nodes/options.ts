import type { JsonObject } from '../../../graph/json.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import { readFields } from '../../values.ts';

/** A node as far as it is filled in. */
interface FilledIn {
  readonly type: string;
  readonly connection?: string;
  /** Its other parameters: JSON, or `@file`. */
  readonly with?: string;
  readonly json: boolean;
}

export interface OptionsArgs extends FilledIn {
  readonly parameter: string;
  readonly search?: string;
}

/** Lists what the provider offers for a parameter of a node: its first page. */
export async function nodeOptions(ctx: CliContext, args: OptionsArgs): Promise<number> {
  const { type, parameter, search = '' } = args;
  const page = await ctx.client.nodeOptions(type, { parameter, search, ...(await filledIn(ctx, args)) });
  if (args.json) ctx.out(JSON.stringify(page, null, 2));
  else {
    const rows = page.items.map(({ value, label, hint = '' }) => [value, label, hint]);
    for (const line of table(['value', 'label', ''], rows)) ctx.out(line);
    if (page.items.length === 0) ctx.err('The provider offers nothing here. Type the value.');
    if (page.next !== null) ctx.err('There are more: --search finds them.');
  }
  return EXIT.ok;
}

/** Shows the schema of the fields that only the provider knows. */
export async function nodeFields(ctx: CliContext, args: FilledIn): Promise<number> {
  const { schema } = await ctx.client.nodeFields(args.type, await filledIn(ctx, args));
  ctx.out(JSON.stringify(schema, null, 2));
  return EXIT.ok;
}

async function filledIn(ctx: CliContext, args: FilledIn): Promise<{ connection?: string; with?: JsonObject }> {
  const given = args.with === undefined ? undefined : await readFields(ctx, '--with', args.with);
  return {
    ...(args.connection !== undefined && { connection: args.connection }),
    ...(given !== undefined && { with: given }),
  };
}
