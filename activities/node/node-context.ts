import { Context } from '@temporalio/activity';
import * as db from '../../db/index.ts';
import type { NodeContext } from '../../integrations/context.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { createOutbox } from '../events/emit.ts';
import { cellOf } from './cell.ts';
import { isOver } from './is-over.ts';
import { paymentsOf } from './payments.ts';
import { createPrompts } from './prompts.ts';
import { type Attempted, missing, providerContext, storeOf } from './provider-context.ts';
import { spendingOf } from './spending.ts';

/** One attempt of a step. */
export interface Attempt extends Attempted {
  /** Counts from 1. */
  readonly attempt: number;
  /** How long it can take. */
  readonly attemptMs: number;
  /** What it logs is kept with the run. */
  readonly log: NodeContext['log'];
  readonly inCrowd: boolean;
  readonly lookBefore: boolean;
}

/**
 * What a node's `run` receives: the stores of its own workspace, and nothing else of Blok's database. The secrets of
 * the connection are removed from everything that goes into these stores and into the log.
 */
export function nodeContext(deps: ActivityDeps, request: EffectRequest, given: Attempt): NodeContext {
  const { attempt, attemptMs, log, inCrowd, lookBefore, redactor, connection, signal } = given;
  const { workspace, workflow, runId, step, idempotencyKey } = request;
  const within = storeOf(deps, workspace);
  const owner = (scope: 'workflow' | 'workspace'): string => (scope === 'workflow' ? workflow : '');
  const doer = { workspace, workflow, idempotencyKey, holder: runId, at: { workspace, run: runId, step, attempt } };
  const provided = providerContext(deps, doer, given);
  const spender = { attempt, attemptMs, connection: connection?.name ?? null, warn: provided.log.warn };
  return {
    ...provided,
    runId,
    step,
    attempt,
    log,
    inCrowd,
    files: {
      read: (path) => within((tx) => db.readFile(tx, { path })),
      refer: (path) =>
        within(async (tx) => {
          const file = await db.fileFacts(tx, { path });
          if (!file || (await db.renewBlob(tx, file)) === null) return null;
          await db.linkRunBlob(tx, { runId, sha256: file.sha256 });
          return file;
        }),
      writeStored: async (path, sha256, contentType) =>
        (await within((tx) => db.writeFileOf(tx, { path, sha256, contentType, idempotencyKey }))) ?? missing(sha256),
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
    cell: () => cellOf(deps, request, attempt),
    lookBefore,
    isOver: () => isOver({ temporal: deps.temporal, info: Context.current().info }, signal),
    spending: spendingOf(deps, request, spender),
    prompts: createPrompts(within),
    payments: paymentsOf(deps, request),
  };
}
