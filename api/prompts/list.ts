import { z } from 'zod';
import { listPromptVersions, listPrompts as listStored } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { slug } from '../http/fields.ts';
import { noPrompt } from './get.ts';

interface Page {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** A page of the prompts of the workspace, by name. @throws ApiProblem `request.invalid` for a cursor that is none */
export async function listPrompts(ctx: Context, { limit = 100, cursor }: Page) {
  const after = cursor === undefined ? undefined : readCursor(cursor, slug());
  const rows = await ctx.tenant((tx) => listStored(tx, { limit: limit + 1, after }));
  return pageOf(rows, { limit, placeOf: (row) => row.name, present: (row) => row });
}

/** A page of the versions of a prompt, the newest first. @throws ApiProblem `prompt.notFound` */
export async function listVersions(ctx: Context, { name, limit = 50, cursor }: Page & { readonly name: string }) {
  const before = cursor === undefined ? undefined : readCursor(cursor, z.int32().min(1));
  const rows = await ctx.tenant((tx) => listPromptVersions(tx, { name, limit: limit + 1, before }));
  if (rows.length === 0 && before === undefined) throw noPrompt({ name });
  return pageOf(rows, { limit, placeOf: ({ version }) => version, present: (row) => row });
}
