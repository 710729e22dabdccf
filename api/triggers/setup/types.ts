import type { TriggerRow } from '../../../db/index.ts';
import type { Json, JsonObject } from '../../../graph/json.ts';
import type { Context } from '../../context.ts';

/** A trigger as its version declares it, with the values that variables have now. */
export interface DeclaredTrigger {
  readonly with: JsonObject;
  /** Name of its connection. */
  readonly connection: string | undefined;
}

/** What setting up a trigger gave. */
export interface SetUp {
  /** Kept in the trigger's row. */
  readonly registration?: Json;
  /** When to set it up again, though nothing has changed. */
  readonly againInMs?: number;
}

/**
 * What a type of triggers needs outside of Postgres. Both functions may be called again at any time, also by another
 * process, and after a call whose result was lost.
 */
export interface TriggerSetup {
  /** Makes the trigger fire. @throws Refused, RunsError: it is tried again with a growing pause */
  up(ctx: Context, row: TriggerRow, trigger: DeclaredTrigger): Promise<SetUp>;
  /** Makes it fire no more: it is switched off, or gone (`row.gone`), and then nothing of it may stay. */
  down(ctx: Context, row: TriggerRow): Promise<void>;
}

/** Why a trigger cannot be set up. The message is shown beside the trigger: it says what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
