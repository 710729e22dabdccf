import { createHash } from 'node:crypto';
import { canonicalJson } from '../../graph/document/canonical.ts';
import type { JsonObject } from '../../graph/json.ts';
import type { TriggerType } from '../../integrations/define-trigger.ts';
import { NodeError } from '../../integrations/error.ts';
import { type WatchParameters, withOf } from '../../integrations/watch-parameters.ts';

/** The checked parameters of a trigger: those of every watch, and its own. */
export interface Watched extends WatchParameters {
  readonly parameters: Record<string, unknown>;
  /** Name of the connection. */
  readonly connection: string | undefined;
}

/** @throws NodeError `input.invalid` */
export function checkedWatch(type: TriggerType, given: JsonObject, connection: string | undefined): Watched {
  const parsed = withOf(type).safeParse(given);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      ({ path, message }) => `${['with', ...path.map(String)].join('.')}: ${message}`,
    );
    throw new NodeError('input.invalid', `${type.type} was given bad parameters. ${issues.slice(0, 5).join('; ')}`);
  }
  const { every, from, whileOff, ...parameters } = parsed.data as WatchParameters & Record<string, unknown>;
  return { every, from, whileOff, parameters, connection };
}

/** What a cursor belongs to. A cursor with another mark is of no use. */
export function markOf(type: TriggerType, { parameters, connection }: Watched): string {
  const watches = type.watches?.(parameters) ?? parameters;
  return createHash('sha256')
    .update(canonicalJson([type.type, connection ?? null, watches]))
    .digest('base64url')
    .slice(0, 22);
}
