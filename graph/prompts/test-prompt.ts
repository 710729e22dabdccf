import { renderPrompt, textsOf } from './render.ts';
import type { PromptDocument, PromptExpectation, PromptTest, Rendered } from './types.ts';

/** The outcome of a test case. */
export interface PromptOutcome {
  readonly name: string;
  /** What is not as expected; none: the test passes. */
  readonly differences: readonly string[];
  /** The prompt as the test's variables make it; null if it cannot be made. */
  readonly rendered: Rendered | null;
}

/**
 * Runs the test cases of a prompt without asking a model. The outcome depends on nothing but the document.
 *
 * @example testPrompt(document).every(({ differences }) => differences.length === 0)
 */
export const testPrompt = (document: PromptDocument): PromptOutcome[] =>
  (document.tests ?? []).map((test) => runTest(document, test));

function runTest(document: PromptDocument, { name, variables = {}, expect = {} }: PromptTest): PromptOutcome {
  const made = renderPrompt(document, variables);
  if ('problem' in made) return { name, rendered: null, differences: expect.fails ? [] : [made.problem] };
  const differences = expect.fails ? ['The variables should be refused, and are not.'] : compare(made, expect);
  return { name, rendered: made, differences };
}

function compare(rendered: Rendered, expect: PromptExpectation): string[] {
  const { instructions, messages } = expect;
  const differences: string[] = [];
  if (instructions !== undefined && instructions !== rendered.instructions)
    differences.push(`The instructions are ${show(rendered.instructions ?? 'absent')}, not ${show(instructions)}.`);
  if (messages !== undefined && messages.length !== rendered.messages.length)
    differences.push(`There are ${rendered.messages.length} messages, not ${messages.length}.`);
  for (const [index, text] of (messages ?? []).entries()) {
    const actual = rendered.messages[index]?.text;
    if (actual !== undefined && actual !== text)
      differences.push(`Message ${index + 1} is ${show(actual)}, not ${show(text)}.`);
  }
  return [...differences, ...compareText('The prompt', textsOf(rendered).join('\n'), expect)];
}

/** What a text should contain and does not, and the other way round. @param what begins the sentences */
export function compareText(
  what: string,
  text: string,
  { contains = [], lacks = [] }: Pick<PromptExpectation, 'contains' | 'lacks'>,
): string[] {
  return [
    ...contains.filter((part) => !text.includes(part)).map((part) => `${what} does not contain ${show(part)}.`),
    ...lacks.filter((part) => text.includes(part)).map((part) => `${what} contains ${show(part)}.`),
  ];
}

const MOST_SHOWN = 200;

const show = (text: string): string =>
  JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
