import {
  type AddressedRow,
  answersOf,
  DataError,
  openConnection,
  type RunAnswer,
  resolveVariables,
  type Tenant,
  triggersByToken,
} from '../../db/index.ts';
import type { Context } from '../context.ts';
import { loadVersion } from '../start/published.ts';
import { together } from '../together.ts';
import type { Loaded } from '../triggers/fire.ts';

/** A webhook that takes requests, and what it starts. */
export interface Found extends Loaded {
  readonly row: AddressedRow;
  /** It may start runs. One that is switched off is found only while its calls are held. */
  readonly isOn: boolean;
}

/** A connection with its secret. */
export type Opened = Awaited<ReturnType<typeof openConnection>>;

/**
 * What requests to webhooks read. Nothing is kept, so that what is switched off, published or rotated counts at once,
 * in every process. Requests of the same moment share a transaction instead.
 */
export interface HookReads {
  /** The webhook whose address holds a token; null if there is none, or if it is switched off and its calls are not held. */
  readonly find: (token: string) => Promise<Found | null>;
  /** @throws DataError `connection.notFound`, `connection.unreadable` */
  readonly open: (connection: string) => Promise<Opened>;
  /** What a run has answered so far. */
  readonly answer: (runId: string) => Promise<RunAnswer>;
}

/** Most requests that are served by one transaction. */
const MOST = 100;

export function createHookReads(ctx: Context): HookReads {
  const find = together((tokens: readonly string[]) => ctx.tenant((tx) => findAll(ctx, tx, tokens)), { most: MOST });
  const tryToOpen = together((names: readonly string[]) => ctx.tenant((tx) => openAll(ctx, tx, names)), { most: MOST });
  const open = async (name: string): Promise<Opened> => {
    const opened = await tryToOpen(name);
    if (opened instanceof DataError) throw opened;
    return opened;
  };
  const answer = together((runIds: readonly string[]) => ctx.tenant((tx) => answersOf(tx, runIds)), { most: MOST });
  return { find, open, answer };
}

async function findAll(ctx: Context, tx: Tenant, tokens: readonly string[]): Promise<(Found | null)[]> {
  const found = new Map<string, Found>();
  for (const [token, row] of await triggersByToken(tx, tokens)) {
    const { workflow, version, uses, enabled, workflowActive } = row;
    const isOn = enabled && workflowActive;
    if (uses !== 'webhook' || (!isOn && row.capture === null)) continue;
    const { graph, plan, publishedAt } = await loadVersion(ctx, tx, { name: workflow, version });
    const vars = await resolveVariables(tx, { workflow, defaults: graph.vars ?? {} });
    found.set(token, { row, isOn, graph, plan, publishedAt, vars });
  }
  return tokens.map((token) => found.get(token) ?? null);
}

/** A connection that cannot be opened is an output like any other, because it must not cost the others anything. */
async function openAll({ keyring }: Context, tx: Tenant, names: readonly string[]): Promise<(Opened | DataError)[]> {
  const opened = new Map<string, Opened | DataError>();
  for (const name of new Set(names)) {
    const one = await openConnection(tx, { name, keyring }).catch((error: unknown) => {
      if (error instanceof DataError) return error;
      throw error;
    });
    opened.set(name, one);
  }
  return names.map((name) => opened.get(name)!);
}
