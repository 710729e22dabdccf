import type { Draft } from '../document/draft.ts';
import { locate, type Parsed, parseGraph } from '../document/parse.ts';
import { checkShape } from '../document/shape.ts';
import type { Graph } from '../document/types.ts';
import { newFuel } from '../expression/fuel.ts';
import { FUEL_PER_SCHEMA, MAX_PROBLEMS } from '../limits.ts';
import type { ValidationContext } from '../node-types/context.ts';
import type { Problem } from '../problems/problem.ts';
import { type BodyAt, bodiesOf } from '../structure/bodies.ts';
import { checkDocument } from './checks/check-document.ts';
import { checkIds } from './checks/check-ids.ts';
import { checkLinks } from './checks/check-links.ts';
import { checkNodes } from './checks/check-nodes.ts';
import { checkTriggers } from './checks/check-triggers.ts';
import { checkConditionKinds } from './expressions/check-condition-kinds.ts';
import { checkExpressions } from './expressions/check-expressions.ts';
import { checkFields } from './expressions/check-fields.ts';
import { expressionTexts } from './expressions/texts.ts';
import { isWithin, withoutFollowUps } from './follow-ups.ts';
import { inputSchema } from './kinds/input-schema.ts';
import { ANALYSIS_BUDGET, type Analysis, analyse } from './outcomes/analyse.ts';
import { placesOf } from './places/places.ts';
import { cutOff } from './warnings/cut-off.ts';
import { checkWarnings } from './warnings/index.ts';
import type { Subject } from './warnings/subject.ts';

/**
 * All problems of a graph: shape, ids, types, parameters, connections, links, joins, expressions. Never throws, not
 * even for a value that is not a graph. A graph without errors can be compiled.
 *
 * @example validate(graph, { catalogue, connections: new Map([['crm', { type: 'postgres' }]]) })
 */
export function validate(graph: Graph, context: ValidationContext): Problem[] {
  const { problems, draft } = checkShape(graph);
  return [...problems, ...(draft === null ? [] : checkDraft(draft, context))].slice(0, MAX_PROBLEMS);
}

/**
 * Reads a graph from text and validates it; every problem has its line and column.
 *
 * @example const { graph, problems } = validateText(text, { catalogue });
 */
export function validateText(
  text: string,
  context: ValidationContext,
  options: { readonly format?: 'yaml' | 'json' } = {},
): Parsed {
  const parsed = parseGraph(text, options);
  const found = parsed.draft === null ? [] : checkDraft(parsed.draft, context);
  const problems = [...parsed.problems, ...locate(found, parsed.source)];
  return { ...parsed, problems: [...problems, ...cutOff(text, problems)].slice(0, MAX_PROBLEMS) };
}

/** Checks the meaning of the parts that could be read; parts that were left out were reported with the shape. */
function checkDraft({ graph, losses }: Draft, context: ValidationContext): Problem[] {
  return withoutFollowUps(checkMeaning(graph, context), losses);
}

function checkMeaning(graph: Graph, given: ValidationContext): Problem[] {
  const context = { ...given, schemaFuel: newFuel(FUEL_PER_SCHEMA) };
  const bodies = bodiesOf(graph);
  const budget = { left: ANALYSIS_BUDGET };
  const analyses = new Map<BodyAt, Analysis>();
  for (const at of bodies) {
    const triggers = at.kind === 'graph' ? graph.triggers : undefined;
    analyses.set(at, analyse(at.body, { catalogue: context.catalogue, triggers }, budget));
  }
  const expressions = expressionTexts(placesOf(graph, bodies, analyses));
  const errors = [
    ...checkDocument(graph, context),
    ...checkIds(graph, bodies),
    ...checkTriggers(graph, context),
    ...bodies.flatMap((at) => checkNodes(at, context)),
    ...bodies.flatMap((at) => checkLinks(at, graph, context.catalogue, analyses.get(at)!)),
    ...checkExpressions(expressions, { graph, bodies, catalogue: context.catalogue }),
  ];
  // No more problems are shown, and each takes time.
  if (errors.length >= MAX_PROBLEMS) return errors;
  const subject = { graph, context, bodies, expressions, input: inputSchema(graph) };
  const kinds = [...checkFields(subject), ...checkConditionKinds(subject)];
  return [...errors, ...kinds.filter((found) => !isKnown(found, errors)), ...warningsOf(subject, errors)];
}

/** Whether the same problem has been reported already. */
const isKnown = (found: Problem, known: readonly Problem[]): boolean =>
  known.some(({ code, path }) => code === found.code && path === found.path);

/** Errors that may be about a misspelt id: if there are any, nobody knows whether a node is read. */
const MISREAD: ReadonlySet<string> = new Set(['unknown-node', 'not-visible']);

/** Warnings about something that is there, and unfinished as long as it has errors. */
const UNSURE: ReadonlySet<string> = new Set(['unread-node', 'form-as-json']);

function warningsOf(subject: Omit<Subject, 'constants'>, errors: readonly Problem[]): Problem[] {
  const misread = errors.some(({ code }) => MISREAD.has(code));
  // A node or form with errors is unfinished: the author may not have read its result yet.
  const isUnsure = ({ code, path }: Problem): boolean =>
    UNSURE.has(code) && (misread || errors.some((error) => isWithin(error.path, path)));
  return checkWarnings(subject).filter((warning) => !isUnsure(warning));
}
