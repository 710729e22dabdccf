import type { Json, JsonObject } from '../json.ts';
import { exceeds } from '../json-size.ts';
import { INPUT_IN_START, PLAN_IN_START, TRIGGER_FIELD_IN_START } from '../limits.ts';
import { type PackedPlan, packPlan } from '../plan/pack.ts';
import type { Plan } from '../plan/types.ts';
import { StartError } from './error.ts';
import type { TriggerInfo } from './trigger-info.ts';

/** Plan, trigger, input and variables in the start of a run: each as a value, or as a reference to a stored value. */
export interface StartParts<Ref> {
  readonly plan: PackedPlan | { readonly blob: Ref };
  readonly planByReference?: true;
  readonly trigger: TriggerInfo;
  /** Fields of `trigger` that are stored; in `trigger` itself they are null. */
  readonly triggerByReference?: Readonly<Record<string, Ref>>;
  readonly input: Json | { readonly blob: Ref };
  readonly inputByReference?: true;
  readonly vars: JsonObject;
}

/**
 * Stores the parts that are too large for the start of a run.
 *
 * @param store stores a value as JSON and returns a reference to it
 * @throws StartError `vars.tooLarge`: variables are never stored, because expressions everywhere read them
 */
export async function startParts<Ref>(
  given: { readonly plan: Plan; readonly trigger: TriggerInfo; readonly input: Json; readonly vars: JsonObject },
  store: (value: unknown) => Promise<Ref>,
): Promise<StartParts<Ref>> {
  const { trigger, input, vars } = given;
  if (exceeds(vars, INPUT_IN_START)) {
    throw new StartError(
      'vars.tooLarge',
      `The variables together are more than ${INPUT_IN_START} bytes of JSON. Give large data as input, or keep it in a file.`,
    );
  }
  const plan = packPlan(given.plan);
  return {
    ...(exceeds(plan, PLAN_IN_START)
      ? { plan: { blob: await store(plan) }, planByReference: true as const }
      : { plan }),
    ...(exceeds(input, INPUT_IN_START)
      ? { input: { blob: await store(input) }, inputByReference: true as const }
      : { input }),
    ...(exceeds(trigger, INPUT_IN_START) ? await withoutLargeFields(trigger, store) : { trigger }),
    vars,
  };
}

async function withoutLargeFields<Ref>(trigger: TriggerInfo, store: (value: unknown) => Promise<Ref>) {
  const small: Record<string, Json> = { ...trigger };
  const triggerByReference: Record<string, Ref> = {};
  for (const [field, value] of Object.entries(trigger)) {
    if (!exceeds(value, TRIGGER_FIELD_IN_START)) continue;
    small[field] = null;
    triggerByReference[field] = await store(value);
  }
  return { trigger: small as TriggerInfo, triggerByReference };
}
