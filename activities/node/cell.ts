import * as db from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Cell } from '../../integrations/context.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { storeOf } from './provider-context.ts';

/** The cell of the step, as one of its attempts sees it. */
export function cellOf<T extends Json>(deps: ActivityDeps, request: EffectRequest, attempt: number): Cell<T> {
  const { workspace, runId, idempotencyKey } = request;
  const within = storeOf(deps, workspace);
  const at = { idempotencyKey, runId, attempt, keyring: deps.keyring };
  return {
    read: async () => ((await within((tx) => db.readCell(tx, at)))?.value ?? null) as T | null,
    write: (value) => within((tx) => db.writeCell(tx, { ...at, value })),
  };
}
