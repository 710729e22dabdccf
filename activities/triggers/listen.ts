import { createHash } from 'node:crypto';
import { canonicalJson } from '../../graph/document/canonical.ts';
import type { OpenConnection } from '../../integrations/context.ts';
import type { TriggerType } from '../../integrations/define-trigger.ts';
import { SIGNAL_HINT, type TriggerClaim, watchWorkflowId } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import type { Watched } from './watched.ts';

/** The next look may come to this worker late, and takes its time. */
const GRACE_MS = 60_000;

/** Listens for a watch until its next look, if its type can. Whatever is wrong with that is no matter of the look. */
export function listenUntilNextLook(
  deps: ActivityDeps,
  claim: TriggerClaim,
  given: {
    readonly type: TriggerType;
    readonly watched: Watched;
    readonly connection: OpenConnection | null;
    readonly everyMs: number;
  },
): void {
  const { type, watched, connection, everyMs } = given;
  if (!type.listen) return;
  const id = watchWorkflowId(claim);
  const of = canonicalJson([type.type, watched.parameters, connection?.data ?? null] as never);
  deps.listeners.keep({
    id,
    mark: createHash('sha256').update(of).digest('base64url'),
    forMs: 2 * everyMs + GRACE_MS,
    open: (hint) => type.listen!({ connection, network: deps.network }, { with: watched.parameters, hint }),
    hint: () => {
      // A hint that gets lost is made up for by the next look.
      deps.temporal.workflow
        .getHandle(id)
        .signal(SIGNAL_HINT)
        .catch(() => undefined);
    },
  });
}

/** Listens for a watch no more. */
export const listenNoMore = (deps: ActivityDeps, claim: TriggerClaim): void =>
  deps.listeners.end(watchWorkflowId(claim));
