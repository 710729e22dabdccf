import type { Json } from '../../../graph/json.ts';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { toMs } from '../../schema.ts';
import type { Landed, SignatureStatus } from '../chain/port.ts';
import { readingChain } from '../open.ts';
import { isEnough, isSilent, type Report } from '../payment/decide.ts';
import { observe } from '../payment/observe.ts';

/** What somebody waits for. */
export interface Wait {
  readonly signature: string;
  readonly commitment: Landed;
  readonly lastValidBlockHeight?: number | string | undefined;
  /** A duration. */
  readonly timeout: string;
}

/** How a wait ended. */
interface Ended {
  readonly outcome: Landed | 'failed' | 'expired' | 'timeout';
  readonly slot: string | null;
  readonly error: Json;
}

/** Nothing looks more often than this, and nothing more rarely. */
const SOONEST_MS = 1_000;
const LATEST_MS = 300_000;
/** The next look comes after this part of the time that has passed. */
const PART = 1 / 8;

/** No block of any chain has such a height. */
const NEVER = 2n ** 64n;

/**
 * Looks once whether a transaction has landed.
 *
 * @throws NodeError `solana.waits` as long as nothing is certain, and there is time
 */
export async function waitFor(ctx: NodeContext, wait: Wait, now: () => number = Date.now) {
  const since = await beganAt(ctx, now);
  const looked = await look(ctx, wait);
  const waited = now() - since;
  const left = toMs(wait.timeout) - waited;
  const ended = judge(wait, looked) ?? (left <= 0 ? TIMEOUT : null);
  if (ended) return { ...ended, signature: wait.signature, providers: looked.reports.map((one) => said(one, wait)) };
  const pause = Math.ceil(Math.min(left, LATEST_MS, Math.max(SOONEST_MS, waited * PART)));
  const { code, message, retryAfterMs = pause } = looked.failure ?? notYet(wait);
  throw new NodeError(code, message, { waits: true, retryable: true, retryAfterMs });
}

const notYet = ({ commitment }: Wait): NodeError =>
  new NodeError('solana.waits', `The transaction is not ${commitment} yet.`);

const TIMEOUT: Ended = { outcome: 'timeout', slot: null, error: null };

/** When the step began to wait, whichever attempt asks. */
async function beganAt(ctx: NodeContext, now: () => number): Promise<number> {
  const cell = ctx.cell<number>();
  const known = await cell.read();
  if (known !== null) return known;
  const since = now();
  await cell.write(since);
  return since;
}

/** What was seen at one look. */
interface Looked {
  readonly reports: readonly Report[];
  /** How many providers there are. */
  readonly providers: number;
  /** Why nobody could be asked. That ends no wait. */
  readonly failure?: NodeError;
}

async function look(ctx: NodeContext, wait: Wait): Promise<Looked> {
  try {
    const chain = await readingChain(ctx);
    const watched = { signature: wait.signature, state: 'sent' as const, receipt: null, horizon: horizonOf(wait) };
    return { reports: await observe(chain, [watched]), providers: chain.providers.length };
  } catch (error) {
    if (error instanceof NodeError && error.retryable) return { reports: [], providers: 0, failure: error };
    throw error;
  }
}

const horizonOf = ({ lastValidBlockHeight }: Wait): bigint =>
  lastValidBlockHeight === undefined ? NEVER : BigInt(lastValidBlockHeight);

/** What is certain by the words of the providers, or null. */
function judge(wait: Wait, { reports, providers }: Looked): Ended | null {
  const { signature, commitment } = wait;
  const seen = reports.flatMap((report) => report.statuses.get(signature) ?? []);
  const sure = seen.filter((status) => status.commitment === 'finalized' || status.commitment === commitment);
  const landed = sure.find(({ error }) => error === null);
  if (landed) return { outcome: landed.commitment as Landed, ...placeOf(landed) };
  const failures = reports.filter(({ statuses }) => sure.includes(statuses.get(signature)!));
  if (failures.length > 0 && isEnough({ providers }, failures) && seen.every(({ error }) => error !== null))
    return { outcome: 'failed', ...placeOf(sure[0]!) };
  const silent = reports.filter((report) => isSilent(report, { signature, horizon: horizonOf(wait) }));
  const isDead = seen.length === 0 && silent.length > 0 && isEnough({ providers }, silent);
  return isDead ? { outcome: 'expired', slot: null, error: null } : null;
}

const placeOf = ({ slot, error }: SignatureStatus): Pick<Ended, 'slot' | 'error'> => ({ slot: String(slot), error });

const said = ({ provider, slot, statuses }: Report, { signature }: Wait) => ({
  name: provider,
  status: statuses.get(signature)?.commitment ?? ('unknown' as const),
  slot: String(slot),
});
