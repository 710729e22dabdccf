import { DataError, getPrompt, listPrompts, MOST_PROMPTS, type Tenant, writePrompt } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { type PromptDocument, parsePrompt } from '../../graph/prompts/index.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';

/**
 * Writes a prompt: 201 with a new version, 200 if the newest version says the same.
 *
 * @throws ApiProblem `prompt.invalid`, `prompt.changed`, `prompt.tooMany`
 */
export async function putPrompt(
  ctx: Context,
  input: {
    name: string;
    document: Json;
    message?: string | undefined;
    onto?: number | undefined;
    principal: Principal;
  },
): Promise<Reply> {
  const { name, message, onto, principal } = input;
  const document = read(input.document);
  const { created, ...version } = await ctx
    .tenant(async (tx) => {
      await requireRoom(tx, name);
      return writePrompt(tx, { name, document, message, onto, author: principal.id });
    })
    .catch((error: unknown) => {
      if (!(error instanceof DataError) || error.code !== 'prompt.changed') throw error;
      throw new ApiProblem('prompt.changed', `${error.message} Look at it, then write again.`);
    });
  return { status: created ? 201 : 200, body: version };
}

async function requireRoom(tx: Tenant, name: string): Promise<void> {
  if ((await getPrompt(tx, { name })) !== null) return;
  if ((await listPrompts(tx, { limit: MOST_PROMPTS })).length < MOST_PROMPTS) return;
  throw new ApiProblem('prompt.tooMany', `A workspace has at most ${MOST_PROMPTS} prompts.`);
}

function read(given: Json): PromptDocument {
  const { document, problems } = parsePrompt(typeof given === 'string' ? given : JSON.stringify(given));
  if (document !== null) return document;
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new ApiProblem('prompt.invalid', `${first?.path || 'prompt'}: ${first?.message}${more}`, { problems });
}
