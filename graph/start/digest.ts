import type { Json, JsonObject } from '../json.ts';

/** The parts of a start that decide what its run does, and for whom. */
export interface SignedStart {
  readonly interpreterVersion: number;
  readonly workspace: string;
  readonly workflow: string;
  readonly version: number | null;
  readonly runId: string;
  readonly plan: object;
  readonly planByReference?: boolean;
  readonly trigger: JsonObject;
  readonly triggerByReference?: object;
  readonly input: Json | object;
  readonly inputByReference?: boolean;
  readonly vars: JsonObject;
  readonly url: string;
  readonly depth?: number;
  readonly priority?: number;
  readonly replayedFrom?: string;
  readonly taken?: object;
}

/**
 * A hash of a start, for one workflow id. JSON keeps the order of keys, so a start that was sent and read has the same
 * hash as before.
 *
 * @param sha256 of the UTF-8 of a text, in hexadecimal
 * @param planDigest the same of the plan's JSON, if the caller keeps it
 */
export function startDigest(
  start: SignedStart,
  workflowId: string,
  sha256: (text: string) => string,
  planDigest = sha256(JSON.stringify(start.plan)),
): string {
  const { interpreterVersion, workspace, workflow, version, runId, trigger, input, vars, url } = start;
  return sha256(
    JSON.stringify([
      ...['blok start v1', interpreterVersion, workspace, workflow, version, runId, workflowId, url],
      ...[planDigest, start.planByReference ?? false, start.depth ?? 0, trigger, start.triggerByReference ?? null],
      ...[input, start.inputByReference ?? false, vars],
      // Starts that were signed before there were priorities have the same hash as then.
      ...(start.priority === undefined ? [] : [start.priority]),
      // So have those that take over nothing. An object is no priority.
      ...(start.taken || start.replayedFrom ? [{ taken: start.taken ?? null, of: start.replayedFrom ?? null }] : []),
    ]),
  );
}
