import type { RunClaim } from '../../workflows/contract.ts';

/** The fields of an activity's input that say for whom it acts. */
interface Given {
  readonly workspace?: unknown;
  readonly workflow?: unknown;
  readonly runId?: unknown;
  readonly workflowId?: unknown;
  readonly idempotencyKey?: unknown;
}

/** The run that a call acts for. */
export type Acting = Pick<RunClaim, 'workspace' | 'workflow' | 'runId'>;

/** Whether the input of an activity acts for the run that is named, and for nobody else. */
export function belongs(type: string, input: unknown, run: Acting, workflowId: string): boolean {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Given;
  switch (type) {
    case 'blokAwait':
      // Another workflow: a called run of the same workspace, or a chain of this run.
      return startsWith(given.workflowId, `${run.workspace}/`) || startsWith(given.workflowId, `${workflowId}/`);
    case 'blokWaits':
      return isOwn((given as { record?: Given }).record ?? {}, run, workflowId);
    case 'blokOnFailure': {
      // `workflow` is the one to start.
      const { failed } = given as { failed?: { workflow?: unknown; run?: unknown } };
      return isOwn({ workspace: given.workspace, workflow: failed?.workflow, runId: failed?.run }, run, workflowId);
    }
    default:
      return isOwn(given, run, workflowId);
  }
}

/** Every input names the workspace; the rest is compared where it is named. */
function isOwn(given: Given, run: Acting, ownId: string): boolean {
  const { workspace, workflow = run.workflow, runId = run.runId, workflowId = ownId, idempotencyKey } = given;
  return (
    workspace === run.workspace &&
    workflow === run.workflow &&
    runId === run.runId &&
    workflowId === ownId &&
    (idempotencyKey === undefined || startsWith(idempotencyKey, `${ownId}/`))
  );
}

const startsWith = (text: unknown, beginning: string): boolean =>
  typeof text === 'string' && text.startsWith(beginning);
