import { Context } from '@temporalio/activity';
import * as db from '../../db/index.ts';
import type { NodeContext, OpenConnection } from '../../integrations/context.ts';
import { NodeError } from '../../integrations/error.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import type { Share } from '../base/memory.ts';
import { patienceOfActivity, patiently } from '../base/patience.ts';
import { createOutbox } from '../events/emit.ts';
import type { Redactor } from '../redact.ts';

/** One attempt of a step. */
export interface Attempt {
  readonly connection: OpenConnection | null;
  /** Counts from 1. */
  readonly attempt: number;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly share: Share;
}

/**
 * What a node's `run` receives: the stores of its own workspace, and nothing else of Blok's database. The secrets of
 * the connection are removed from everything that goes into these stores and into the log.
 */
export function nodeContext(deps: ActivityDeps, request: EffectRequest, given: Attempt): NodeContext {
  const { connection, attempt, redactor, signal, share } = given;
  const { workspace, workflow, runId, step, idempotencyKey } = request;
  const within = <T>(fn: (tx: db.Tenant) => Promise<T>): Promise<T> =>
    patiently(() => db.withWorkspace(deps.database, workspace, fn), patienceOfActivity());
  const owner = (scope: 'workflow' | 'workspace'): string => (scope === 'workflow' ? workflow : '');
  const at = { run: runId, step };
  return {
    workspace,
    workflow,
    runId,
    step,
    attempt,
    idempotencyKey,
    connection,
    signal,
    log: {
      info: (message, data) => deps.log.info({ ...at, ...redactor.value(data) }, redactor.text(message)),
      warn: (message, data) => deps.log.warn({ ...at, ...redactor.value(data) }, redactor.text(message)),
    },
    excerpt: (text, length) => (text.length > length ? `${redactor.head(text, length)}…` : redactor.text(text)),
    heartbeat: () => Context.current().heartbeat(),
    hold: (bytes) => share.hold(bytes, signal),
    network: deps.network,
    ...(deps.nodeOptions ? { options: deps.nodeOptions } : {}),
    files: {
      read: (path) => within((tx) => db.readFile(tx, { path })),
      write: (path, bytes, contentType) =>
        within((tx) => db.writeFile(tx, { path, bytes: redactor.bytes(bytes), contentType, idempotencyKey })),
      list: (prefix, limit) => within((tx) => db.listFiles(tx, { prefix, limit })),
      delete: (path) => within((tx) => db.deleteFile(tx, { path, idempotencyKey })),
    },
    kv: {
      get: (key, scope) => within((tx) => db.getKv(tx, { workflow: owner(scope), key })),
      set: (key, value, { scope, ...options }) =>
        within((tx) =>
          db.setKv(tx, { workflow: owner(scope), key, value: redactor.value(value), ...options, idempotencyKey }),
        ),
      delete: (key, scope) => within((tx) => db.deleteKv(tx, { workflow: owner(scope), key, idempotencyKey })),
    },
    events: createOutbox(deps, request),
    blobs: {
      put: (bytes) => within((tx) => db.putBlob(tx, { bytes: redactor.bytes(bytes), runId })),
      get: async (sha256) => {
        const bytes = await within((tx) => db.getBlob(tx, { sha256 }));
        if (!bytes) throw new NodeError('blob.notFound', `There is no blob ${sha256.slice(0, 12)}… in this workspace.`);
        return bytes;
      },
    },
  };
}

/** A connection of the workspace, decrypted. Its fields never leave the activity. */
export async function openNamedConnection(
  { database, keyring }: ActivityDeps,
  workspace: string,
  name: string,
): Promise<OpenConnection> {
  const open = () => db.withWorkspace(database, workspace, (tx) => db.openConnection(tx, { name, keyring }));
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof db.DataError) || error.code !== 'connection.unreadable') throw error;
    // After an upgrade, a worker may open a connection before an API has started and sealed all of them again.
    if (!(await db.withWorkspace(database, workspace, (tx) => db.resealConnections(tx, keyring)))) throw error;
    return open();
  }
}
