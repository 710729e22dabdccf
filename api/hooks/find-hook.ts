import { noteTriggerError, type TriggerRow } from '../../db/index.ts';
import { StartError, triggerParameters } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { type HookOptions, hookOptions } from './options.ts';
import type { Found, HookReads } from './reads.ts';

/** A webhook whose address was called. */
export interface Hook extends Found {
  readonly options: HookOptions;
  readonly connection: string | undefined;
}

/** Whether a text can be the token of an address. */
export const isToken = (text: string): boolean => /^[\w-]{20,64}$/.test(text);

/**
 * The webhook at an address. An unknown address, one that is gone and one that is switched off cannot be told apart.
 *
 * @throws ApiProblem `hook.notFound`; `hook.unready` if its parameters cannot be resolved now
 */
export async function findHook(ctx: Context, { find }: HookReads, token: string): Promise<Hook> {
  const found = isToken(token) ? await find(token) : null;
  if (found === null) throw noHook();
  const options = optionsOf(found);
  if (typeof options === 'string') throw await unready(ctx, found.row, options);
  return { ...found, options, connection: found.graph.triggers?.[found.row.id]?.connection };
}

/** The problem of an address at which nothing takes requests. */
export const noHook = (): ApiProblem => new ApiProblem('hook.notFound', 'Nothing takes requests at this address.');

/** Says to the operator why a webhook takes no requests, and to the caller only that it takes none now. */
export async function unready(ctx: Context, row: TriggerRow, why: string): Promise<ApiProblem> {
  await ctx.tenant((tx) => noteTriggerError(tx, { workflow: row.workflow, trigger: row.id, error: why }));
  return new ApiProblem(
    'hook.unready',
    'This webhook cannot take requests now. Its owner sees why; send it again later.',
  );
}

function optionsOf({ row, graph, vars }: Found): HookOptions | string {
  try {
    const options = hookOptions(triggerParameters(graph, row.id, vars));
    return 'code' in options ? `with${options.path}: ${options.message}` : options;
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
}
