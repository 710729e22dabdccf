import { compileValue, ExpressionError, type Fuel, newFuel, resolveInPlace, zoneRules } from '../expression/index.ts';
import type { JsonObject } from '../json.ts';
import { checkAgainst, TooCostly } from '../schemas/check/index.ts';
import type { PromptDocument, PromptMessage, Rendered, RenderProblem, Variables } from './types.ts';

/** Fuel of all expressions of a prompt together: about a tenth of a second of work. */
const FUEL = 2_000_000;

/** Longest text that a prompt may become, in characters: several times the longest input of a model. */
export const LARGEST_RENDERED = 16_000_000;

/**
 * Puts variables into a prompt. What a variable holds is never read as an expression.
 *
 * @returns the texts, or what is wrong with the variables
 */
export function renderPrompt(document: PromptDocument, variables: Variables): Rendered | RenderProblem {
  const given = variables as JsonObject;
  try {
    const misfit = checkAgainst(document.variables ?? NO_VARIABLES, given)[0];
    if (misfit)
      return { problem: `The variables do not fit: vars${misfit.path.replaceAll('/', '.')} ${misfit.message}` };
    const fuel = newFuel(FUEL, zoneRules);
    const scope = Object.assign(Object.create(null) as Record<string, unknown>, { vars: given });
    const { instructions } = document;
    const rendered = {
      instructions: instructions === undefined ? null : textOf(instructions, scope, fuel, 'instructions'),
      messages: document.messages.map(({ role, text }, index): PromptMessage => {
        return { role, text: textOf(text, scope, fuel, `messages[${index}].text`) };
      }),
    };
    return textsOf(rendered).join('').length > LARGEST_RENDERED
      ? { problem: `The prompt becomes longer than ${LARGEST_RENDERED} characters.` }
      : rendered;
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof TooCostly) return { problem: error.message };
    throw error;
  }
}

/** A prompt that declares no variables takes none. */
const NO_VARIABLES = { type: 'object', additionalProperties: false } as const;

/** All texts of a prompt, in order. */
export const textsOf = ({ instructions, messages }: Rendered): readonly string[] => [
  ...(instructions === null ? [] : [instructions]),
  ...messages.map(({ text }) => text),
];

/** A text whose only content is an expression is a text, too: it is written as it would be beside other words. */
function textOf(text: string, scope: Readonly<Record<string, unknown>>, fuel: Fuel, field: string): string {
  const { template } = compileValue(text);
  return resolveInPlace(template[0] === 'e' ? ['t', [template]] : template, scope, fuel, field) as string;
}
