import { listPromptVersions, listPrompts as listStored } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { noPrompt } from './get.ts';

interface Page {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** A page of the prompts of the workspace, by name. @throws ApiProblem `request.invalid` for a cursor that is none */
export async function listPrompts(ctx: Context, { limit = 100, cursor }: Page) {
  const after = cursor === undefined ? undefined : readCursor(cursor, /^[a-z][a-z0-9-]{0,62}$/);
  const rows = await ctx.tenant((tx) => listStored(tx, { limit: limit + 1, after }));
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? writeCursor(items.at(-1)!.name) : null };
}

/** A page of the versions of a prompt, the newest first. @throws ApiProblem `prompt.notFound` */
export async function listVersions(ctx: Context, { name, limit = 50, cursor }: Page & { readonly name: string }) {
  const before = cursor === undefined ? undefined : Number(readCursor(cursor, /^[1-9]\d{0,8}$/));
  const rows = await ctx.tenant((tx) => listPromptVersions(tx, { name, limit: limit + 1, before }));
  if (rows.length === 0 && before === undefined) throw noPrompt({ name });
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? writeCursor(items.at(-1)!.version) : null };
}
