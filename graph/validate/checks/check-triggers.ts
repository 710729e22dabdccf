import type { ProviderTriggerFacts } from '../../catalogue.ts';
import { isUses, splitUses } from '../../document/names.ts';
import type { Graph, TriggerNode } from '../../document/types.ts';
import type { Json } from '../../json.ts';
import { BUILTIN_TRIGGERS } from '../../node-types/builtin-triggers.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { readSchedule } from '../../schedule/index.ts';
import { checkCondition } from '../expressions/check-condition.ts';
import { checkValue } from '../schemas/check-value.ts';
import { checkConnection } from './check-connection.ts';
import { checkWorkflow } from './check-rules.ts';
import { checkWebhook, hookConnection } from './check-webhook.ts';
import { findSecrets } from './secrets.ts';

/** Checks each trigger: type, parameters, connection, secrets. */
export function checkTriggers(graph: Graph, context: ValidationContext): Problem[] {
  return Object.entries(graph.triggers ?? {}).flatMap(([id, trigger]) =>
    checkTrigger(trigger, `/triggers/${escapeSegment(id)}`, context),
  );
}

function checkTrigger(trigger: TriggerNode, path: string, context: ValidationContext): Problem[] {
  const problems = [...findSecrets(trigger.with ?? {}, `${path}/with`), ...checkCondition(trigger.if, `${path}/if`)];
  const { type, major } = splitUses(trigger.uses);
  const facts = BUILTIN_TRIGGERS.get(type) ?? context.catalogue.triggers?.get(type);
  if (facts === undefined) {
    // A text that does not have the form of a type was reported with the shape.
    if (!isUses(trigger.uses)) return problems;
    const known = [...BUILTIN_TRIGGERS.keys(), ...(context.catalogue.triggers?.keys() ?? [])];
    return [
      ...problems,
      problem(
        'unknown-type',
        `${path}/uses`,
        `There is no trigger type \`${trigger.uses}\`.${didYouMean(type, known)}`,
      ),
    ];
  }
  if (major !== null && major !== 1) {
    const message = `\`${type}\` is at version 1; there is no \`${trigger.uses}\`.`;
    problems.push(problem('unknown-version', `${path}/uses`, message));
  }
  const unfit = checkValue(trigger.with ?? {}, facts.with, `${path}/with`, 'with');
  problems.push(...(unfit.length > 0 ? unfit : checkRefused(trigger, context.catalogue.triggers?.get(type), path)));
  const takes = type === 'webhook' ? hookConnection(trigger.with?.verify) : facts.connection;
  const wrong = checkConnection(trigger.connection, takes, trigger.uses, path, context);
  // A trigger may wait for its connection: `warnings/trigger-waits.ts` says so.
  problems.push(...wrong.filter(({ code }) => code !== 'unknown-connection'));
  if (type === 'webhook') problems.push(...checkWebhook(trigger, `${path}/with`));
  if (type === 'schedule') problems.push(...checkSchedule(trigger, `${path}/with`, problems));
  if (type === 'failure' && trigger.with?.workflow !== undefined)
    problems.push(...checkWorkflow(trigger.with.workflow, `${path}/with/workflow`, context));
  return problems;
}

/** What the first look would refuse, as far as it is written out: an expression can become anything. */
function checkRefused(
  { with: given = {} }: TriggerNode,
  facts: ProviderTriggerFacts | undefined,
  path: string,
): Problem[] {
  return (facts?.refuses?.(given) ?? []).flatMap(({ path: below, message }) => {
    const keys = below.map(String);
    if (JSON.stringify(valueAt(given, keys) ?? null).includes('${{')) return [];
    const at = [path, 'with', ...keys.map(escapeSegment)].join('/');
    return [problem('bad-parameter', at, `\`${['with', ...keys].join('.')}\`: ${message}`)];
  });
}

const valueAt = (value: Json | undefined, keys: readonly string[]): Json | undefined =>
  keys.reduce<Json | undefined>((at, key) => (at as Readonly<Record<string, Json>> | undefined)?.[key], value);

/** Values whose form is wrong were reported with the schema. */
function checkSchedule(trigger: TriggerNode, path: string, known: readonly Problem[]): Problem[] {
  return readSchedule(trigger.with ?? {})
    .problems.map(({ code, path: below, message, hint }) => problem(code, `${path}${below}`, message, hint))
    .filter((found) => !known.some((one) => one.path === found.path));
}
