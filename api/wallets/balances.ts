import { openNamedConnection } from '../../credentials/open-named.ts';
import { KEEPS_ALL } from '../../credentials/redact.ts';
import { DataError } from '../../db/index.ts';
import type { Holdings } from '../../integrations/define-connection.ts';
import { NodeError } from '../../integrations/index.ts';
import type { Context } from '../context.ts';
import { WALLET } from './open.ts';

/** How long the chain may take. Whoever asks for wallets waits no longer, however many there are. */
const PATIENCE_MS = 3_000;

/** What a wallet holds, or why that is not known. Both null: nobody asked. */
export interface Balances {
  readonly balances: Holdings | null;
  readonly balancesProblem: string | null;
}

/** Nobody asked. */
export const NOT_ASKED: Balances = { balances: null, balancesProblem: null };

/** How long everybody who is asked from now on may take together. */
export const inTime = (): AbortSignal => AbortSignal.timeout(PATIENCE_MS);

/** Asks the chain what a wallet holds. A chain that does not answer is no problem of the list. */
export async function balancesOf(ctx: Context, name: string, signal: AbortSignal): Promise<Balances> {
  const { network, workspace } = ctx;
  let redactor = KEEPS_ALL;
  const ask = async (): Promise<Balances> => {
    const opened = await openNamedConnection(ctx, { workspace, name, isLook: true }, { isKeyless: true });
    redactor = opened.redactor;
    const { data, linked = {} } = opened.connection;
    const balances = await ctx.findConnectionType(WALLET)!.holds!({ network, signal }, data, linked);
    return { balances, balancesProblem: null };
  };
  const late = Promise.withResolvers<never>();
  const onLate = (): void => late.reject(signal.reason);
  signal.addEventListener('abort', onLate);
  try {
    signal.throwIfAborted();
    return await Promise.race([ask(), late.promise]);
  } catch (error) {
    const isKnown = error instanceof NodeError || error instanceof DataError;
    if (!isKnown && error !== signal.reason) throw error;
    const why = isKnown ? redactor.text(error.message) : `The chain did not answer within ${PATIENCE_MS / 1_000} s.`;
    return { balances: null, balancesProblem: why };
  } finally {
    signal.removeEventListener('abort', onLate);
  }
}
