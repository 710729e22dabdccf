import type { Json, JsonObject } from '../json.ts';
import { exceeds } from '../json-size.ts';
import { type PackedPlan, packPlan } from '../plan/pack.ts';
import type { Plan } from '../plan/types.ts';
import { StartError } from './error.ts';
import type { TriggerInfo } from './trigger-info.ts';

/** Largest packed plan that travels in the start of a run, in bytes of JSON. */
const PLAN_BY_VALUE = 200_000;
/** Largest input, facts of the trigger and variables that do, each. With a snapshot beside all a start has 512 KiB. */
const DATA_BY_VALUE = 64 * 1024;
/** Largest field of a trigger that stays with it when the whole is larger. */
const FIELD_BY_VALUE = 4 * 1024;

/** What a start says of plan, trigger, input and variables: each itself, or where it is stored. */
export interface StartParts<Ref> {
  readonly plan: PackedPlan | { readonly blob: Ref };
  readonly planByReference?: true;
  readonly trigger: TriggerInfo;
  /** Fields of `trigger` that are stored, and null there. */
  readonly triggerByReference?: Readonly<Record<string, Ref>>;
  readonly input: Json | { readonly blob: Ref };
  readonly inputByReference?: true;
  readonly vars: JsonObject;
}

/**
 * Puts what is too large for the start of a run into a store.
 *
 * @param store keeps a value as JSON and says where
 * @throws StartError `vars.tooLarge`: expressions everywhere read variables, so they are never stored
 */
export async function startParts<Ref>(
  given: { readonly plan: Plan; readonly trigger: TriggerInfo; readonly input: Json; readonly vars: JsonObject },
  store: (value: unknown) => Promise<Ref>,
): Promise<StartParts<Ref>> {
  const { trigger, input, vars } = given;
  if (exceeds(vars, DATA_BY_VALUE)) {
    throw new StartError(
      'vars.tooLarge',
      `The variables are more than ${DATA_BY_VALUE} bytes of JSON together. Give large data as input, or keep it in a file.`,
    );
  }
  const plan = packPlan(given.plan);
  return {
    ...(exceeds(plan, PLAN_BY_VALUE)
      ? { plan: { blob: await store(plan) }, planByReference: true as const }
      : { plan }),
    ...(exceeds(input, DATA_BY_VALUE)
      ? { input: { blob: await store(input) }, inputByReference: true as const }
      : { input }),
    ...(exceeds(trigger, DATA_BY_VALUE) ? await withoutLargeFields(trigger, store) : { trigger }),
    vars,
  };
}

async function withoutLargeFields<Ref>(trigger: TriggerInfo, store: (value: unknown) => Promise<Ref>) {
  const small: Record<string, Json> = { ...trigger };
  const triggerByReference: Record<string, Ref> = {};
  for (const [field, value] of Object.entries(trigger)) {
    if (!exceeds(value, FIELD_BY_VALUE)) continue;
    small[field] = null;
    triggerByReference[field] = await store(value);
  }
  return { trigger: small as TriggerInfo, triggerByReference };
}
