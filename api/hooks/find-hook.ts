import {
  type AddressedRow,
  noteTriggerError,
  resolveVariables,
  type TriggerRow,
  triggerByToken,
} from '../../db/index.ts';
import type { Graph } from '../../graph/document/types.ts';
import type { JsonObject } from '../../graph/json.ts';
import { StartError, triggerParameters } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { loadVersion } from '../start/published.ts';
import { type HookOptions, hookOptions } from './options.ts';

/** A webhook whose address was called. */
export interface Hook {
  readonly row: AddressedRow;
  readonly graph: Graph;
  readonly vars: JsonObject;
  /** It may start runs. One that is switched off is found only while its calls are held. */
  readonly isOn: boolean;
  readonly options: HookOptions;
  readonly connection: string | undefined;
}

/**
 * The webhook at an address. An unknown address, one that is gone and one that is switched off cannot be told apart.
 *
 * @throws ApiProblem `hook.notFound`; `hook.unready` if its parameters cannot be resolved now
 */
export async function findHook(ctx: Context, token: string): Promise<Hook> {
  const found = /^[\w-]{20,64}$/.test(token) ? await ctx.tenant((tx) => load(ctx, tx, token)) : null;
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

type Found = Pick<Hook, 'row' | 'graph' | 'vars' | 'isOn'>;

async function load(ctx: Context, tx: Parameters<typeof triggerByToken>[0], token: string): Promise<Found | null> {
  const row = await triggerByToken(tx, { token });
  if (row?.uses !== 'webhook') return null;
  const isOn = row.enabled && row.workflowActive;
  if (!isOn && row.capture === null) return null;
  const { workflow, version } = row;
  const { graph } = await loadVersion(ctx, tx, { name: workflow, version });
  return { row, isOn, graph, vars: await resolveVariables(tx, { workflow, defaults: graph.vars ?? {} }) };
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
