import type { Problem } from '../../problems/problem.ts';
import { callsItself } from './calls-itself.ts';
import { emptyResults } from './empty-results.ts';
import { expressionsInCode } from './expression-in-code.ts';
import { foreignTemplates } from './foreign-template.ts';
import { formsAsJson } from './form-as-json.ts';
import { neverEqual } from './never-equal.ts';
import { noScheme } from './no-scheme.ts';
import { nothingHeld } from './nothing-held.ts';
import { placeholders } from './placeholder.ts';
import { possibleSecrets } from './possible-secret.ts';
import { respondUnheard } from './respond-unheard.ts';
import { retiredValues } from './retired-value.ts';
import { constantTexts, type Subject } from './subject.ts';
import { triggerWaits } from './trigger-waits.ts';
import { undeclaredArguments } from './undeclared-argument.ts';
import { undeclaredInput } from './undeclared-input.ts';
import { unreadNodes } from './unread-node.ts';
import { whileLoops } from './while-loops.ts';

/** Every warning: what the language allows but hardly anybody means. A new warning is a file here and a line below. */
const WARNINGS: readonly ((subject: Subject) => Problem[])[] = [
  undeclaredInput,
  undeclaredArguments,
  neverEqual,
  foreignTemplates,
  expressionsInCode,
  respondUnheard,
  whileLoops,
  callsItself,
  unreadNodes,
  emptyResults,
  noScheme,
  placeholders,
  possibleSecrets,
  triggerWaits,
  formsAsJson,
  nothingHeld,
  retiredValues,
];

/** All warnings of a graph. */
export function checkWarnings(graph: Omit<Subject, 'constants'>): Problem[] {
  const subject: Subject = { ...graph, constants: constantTexts(graph.graph, graph.bodies) };
  return WARNINGS.flatMap((check) => check(subject));
}
