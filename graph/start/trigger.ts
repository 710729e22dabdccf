import { splitUses } from '../document/names.ts';
import type { Graph } from '../document/types.ts';
import { asCondition, ExpressionError, newFuel, zoneRules } from '../expression/index.ts';
import type { Json, JsonObject, JsonSchema } from '../json.ts';
import { BUILTIN_TRIGGERS } from '../node-types/builtin-triggers.ts';
import { checkAgainst, TooCostly } from '../schemas/check/index.ts';
import { StartError } from './error.ts';
import { evaluated, START_FUEL } from './evaluated.ts';
import type { TriggerInfo } from './trigger-info.ts';

/**
 * The trigger that a call counts as: the trigger it names; else the declared `call`, else the only trigger, else none.
 *
 * @throws StartError `trigger.unknown`
 */
export function chooseTrigger(graph: Graph, named: string | undefined): string | null {
  const triggers = graph.triggers ?? {};
  const ids = Object.keys(triggers);
  if (named !== undefined) {
    if (Object.hasOwn(triggers, named)) return named;
    throw new StartError(
      'trigger.unknown',
      `The graph has no trigger "${named}". ${ids.length > 0 ? `It has: ${ids.join(', ')}.` : 'It has none: leave "trigger" out.'}`,
    );
  }
  const calls = ids.filter((id) => typeOf(triggers[id]?.uses) === 'call');
  if (calls.length === 1) return calls[0]!;
  return ids.length === 1 ? ids[0]! : null;
}

/**
 * What `trigger` shows to expressions.
 *
 * @param facts.fields what the trigger brings. Absent when a call counts as that trigger: they are then filled from the input
 */
export function triggerInfo(
  graph: Graph,
  id: string | null,
  facts: { at: string; key: string | null; input: Json; fields?: JsonObject },
): TriggerInfo {
  const uses = typeOf(id === null ? undefined : graph.triggers?.[id]?.uses) ?? 'call';
  return { ...(facts.fields ?? fieldsOf(uses, facts)), id, uses, at: facts.at, key: facts.key };
}

/** The input of a run whose trigger has no `input` of its own. */
export function defaultInput(uses: string, fields: JsonObject): Json {
  switch (typeOf(uses)) {
    case 'webhook':
      return fields.body ?? null;
    case 'schedule':
      return {};
    case 'event':
      return fields.data ?? null;
    default:
      return fields.item ?? null;
  }
}

/**
 * The parameters of a trigger, with the values that variables have now. Those that are resolved for each firing are left
 * out.
 *
 * @throws StartError `trigger.expression`
 */
export function triggerParameters(graph: Graph, id: string, vars: JsonObject): JsonObject {
  const { uses, with: given = {} } = graph.triggers?.[id] ?? {};
  const perFiring = BUILTIN_TRIGGERS.get(typeOf(uses) ?? '')?.reads ?? {};
  const parameters = Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(perFiring, name)));
  return evaluated(parameters, { vars }, `${id}.with`) as JsonObject;
}

/**
 * A parameter that is resolved for each firing; undefined if the trigger does not have it.
 *
 * @throws StartError `trigger.expression`
 */
export function firingParameter(
  graph: Graph,
  id: string,
  name: string,
  scope: { trigger: TriggerInfo; vars: JsonObject },
): Json | undefined {
  const template = graph.triggers?.[id]?.with?.[name];
  return template === undefined ? undefined : (evaluated(template, scope, `${id}.with.${name}`) as Json);
}

/** The type of a `uses`, without the major version it may name. */
const typeOf = (uses: string | undefined): string | undefined =>
  uses === undefined ? undefined : splitUses(uses).type;

/** What a trigger would have brought, if somebody else fires it with an input. */
export function fieldsOf(uses: string, { at, input }: { at: string; input: Json }): JsonObject {
  switch (uses) {
    case 'call':
    case 'form':
      return { by: 'api' };
    case 'webhook':
      return { method: 'POST', path: '', params: {}, query: {}, headers: {}, body: input };
    case 'schedule':
      return { scheduledAt: at };
    case 'event':
      return { event: '', subject: null, data: input, source: 'api', attributes: {} };
    case 'failure':
      return {};
    default:
      return { item: input };
  }
}

/**
 * The run's input: the trigger's own `input` if it has one, else the given input; checked against the graph's schema.
 *
 * @throws StartError `trigger.declined` (its `if` is false), `trigger.expression`, `input.invalid`, `schema.tooCostly`
 */
export function runInput(graph: Graph, trigger: TriggerInfo, facts: { input: Json; vars: JsonObject }): Json {
  const input = mappedInput(graph, trigger, facts);
  checkInput(graph, input);
  return input;
}

/** The same, not checked. @throws StartError `trigger.declined`, `trigger.expression` */
export function mappedInput(graph: Graph, trigger: TriggerInfo, facts: { input: Json; vars: JsonObject }): Json {
  const node = trigger.id === null ? undefined : graph.triggers?.[trigger.id];
  const scope = { trigger, input: facts.input, vars: facts.vars };
  const fuel = newFuel(START_FUEL, zoneRules);
  const value = (template: Json, field: string) => evaluated(template, scope, `${trigger.id}.${field}`, fuel);
  if (node?.if !== undefined && !isTrue(value(node.if, 'if'), `${trigger.id}.if`)) {
    throw new StartError(
      'trigger.declined',
      `The "if" of trigger "${trigger.id}" is false for this input, so no run was started.`,
    );
  }
  return node?.input === undefined ? facts.input : ((value(node.input, 'input') ?? null) as Json);
}

function isTrue(value: unknown, field: string): boolean {
  try {
    return asCondition(value, field);
  } catch (error) {
    if (error instanceof ExpressionError) throw new StartError('trigger.expression', error.message);
    throw error;
  }
}

/** Checks the input of a run. @throws StartError `input.invalid`, `schema.tooCostly` */
export function checkInput({ input: schema }: Graph, input: Json): void {
  if (schema !== undefined) refuse(problemsOf(schema, input));
}

/** What is wrong with the input of a run. @throws StartError `schema.tooCostly` */
export function problemsOf(schema: JsonSchema, input: Json): SchemaProblem[] {
  try {
    return checkAgainst(schema, input);
  } catch (error) {
    if (error instanceof TooCostly) throw new StartError(error.code, `input${error.path}: ${error.message}`);
    throw error;
  }
}

type SchemaProblem = ReturnType<typeof checkAgainst>[number];

/** Refuses an input that has problems. @throws StartError `input.invalid` */
export function refuse(problems: SchemaProblem[]): void {
  const first = problems[0];
  if (first) throw new StartError('input.invalid', `input${first.path}: ${first.message}`, problems);
}
