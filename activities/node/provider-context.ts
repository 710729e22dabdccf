import { Context } from '@temporalio/activity';
import { excerptBy, type Redactor } from '../../credentials/redact.ts';
import * as db from '../../db/index.ts';
import type { OpenConnection, ProviderContext, SharedRate } from '../../integrations/context.ts';
import { NodeError } from '../../integrations/error.ts';
import { guardedFetch } from '../../integrations/network/guarded-fetch.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { beat } from '../base/heartbeat.ts';
import type { Share } from '../base/memory.ts';
import { patienceOfActivity } from '../base/patience.ts';

/** One attempt at something that the code of a provider does. */
export interface Attempted {
  readonly connection: OpenConnection | null;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly share: Share;
  readonly rate: SharedRate;
}

/** For whom it is done. */
export interface Doer {
  readonly workspace: string;
  readonly workflow: string;
  readonly idempotencyKey: string;
  /** Who holds the blobs that are stored: a run's id, or what stands in its place. */
  readonly holder: string;
  /** What the log says about the doer. */
  readonly at: object;
}

/** Does work in the workspace's part of Blok's database, patiently. */
export const storeOf =
  (deps: ActivityDeps, workspace: string) =>
  <T>(work: (tx: db.Tenant) => Promise<T>): Promise<T> =>
    db.patiently(() => db.withWorkspace(deps.database, workspace, work), patienceOfActivity());

/** @throws NodeError `blob.notFound` */
export function missing(sha256: string): never {
  throw new NodeError('blob.notFound', `There is no blob ${sha256.slice(0, 12)}… in this workspace.`);
}

/** What nodes and polls have in common: the network, blobs of the workspace, the log, without secrets. */
export function providerContext(
  deps: ActivityDeps,
  { workspace, workflow, idempotencyKey, holder, at }: Doer,
  { connection, redactor, signal, share, rate }: Attempted,
): ProviderContext {
  const within = storeOf(deps, workspace);
  return {
    workspace,
    workflow,
    idempotencyKey,
    connection,
    signal,
    log: {
      info: (message, data) => deps.log.info({ ...redactor.value(data), ...at }, redactor.text(message)),
      warn: (message, data) => deps.log.warn({ ...redactor.value(data), ...at }, redactor.text(message)),
    },
    excerpt: excerptBy(redactor),
    heartbeat: () => beat(Context.current()),
    hold: (bytes) => share.hold(bytes, signal),
    network: deps.network,
    fetch: guardedFetch(deps.network, signal),
    rate,
    ...(deps.nodeOptions ? { options: deps.nodeOptions } : {}),
    blobs: {
      put: (bytes) => within((tx) => db.putBlob(tx, { bytes: redactor.bytes(bytes), runId: holder })),
      get: async (sha256) => {
        const bytes = await within((tx) => db.getBlob(tx, { sha256 }));
        return bytes ?? missing(sha256);
      },
      write: (bytes) => db.storeStream(within, redactor.stream(bytes), { runId: holder }),
      open: async (sha256, from) =>
        (await db.openBlob(within, { sha256, ...(from === undefined ? {} : { from }) })) ?? missing(sha256),
    },
  };
}
