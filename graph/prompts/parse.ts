import { checkPlain, toProblems, type Wording } from '../document/issues.ts';
import { locate, readDocument } from '../document/parse.ts';
import { createSource } from '../document/source.ts';
import { compileValue } from '../expression/parse.ts';
import type { Json, JsonSchema } from '../json.ts';
import { MAX_PROBLEMS } from '../limits.ts';
import { problem } from '../problems/codes.ts';
import { expressionProblem } from '../problems/expression-problem.ts';
import { didYouMean } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import { schemaProblem } from '../schemas/check/index.ts';
import { PROMPT_KEYS, promptSchema } from './schema.ts';
import type { PromptDocument } from './types.ts';

/** Longest text of a prompt, in bytes. */
export const LARGEST_PROMPT = 256_000;

/** A prompt read from text. */
export interface ParsedPrompt {
  /** Null if the text has problems. */
  readonly document: PromptDocument | null;
  readonly problems: readonly Problem[];
}

const WORDING: Wording = {
  keys: PROMPT_KEYS,
  unknown: 'docs/prompts.md lists the fields.',
  empty: 'A prompt is a map that has `messages:`.',
};

/**
 * Reads a prompt from YAML or JSON, and checks its shape, its schema and its expressions. Never throws. Every problem has its
 * line and column.
 *
 * @example parsePrompt('messages: [{ role: user, text: Hello }]').document
 */
export function parsePrompt(text: string): ParsedPrompt {
  if (text.length > LARGEST_PROMPT)
    return {
      document: null,
      problems: [problem('too-large', '', `A prompt has at most ${LARGEST_PROMPT} characters.`)],
    };
  const reading = readDocument(text);
  if (reading.place === undefined) return { document: null, problems: reading.problems };
  const source = createSource(text, reading.place);
  const problems = [...reading.problems, ...locate(checkPrompt(reading.value), source)].slice(0, MAX_PROBLEMS);
  return { document: problems.length === 0 ? (reading.value as PromptDocument) : null, problems };
}

function checkPrompt(value: unknown): readonly Problem[] {
  const foreign = checkPlain(value);
  if (foreign !== null) return [foreign];
  const issues = promptSchema.safeParse(value).error?.issues ?? [];
  if (issues.length > 0) return issues.flatMap((issue) => toProblems(issue, value, WORDING));
  const document = value as PromptDocument;
  return [...checkVariables(document), ...checkEnd(document), ...checkTexts(document), ...checkNames(document)];
}

function checkVariables({ variables }: PromptDocument): Problem[] {
  if (variables === undefined) return [];
  const wrong = schemaProblem(variables);
  if (wrong) return [problem(wrong.code, `/variables${wrong.path}`, wrong.message)];
  if (variables.type === 'object') return [];
  return [problem('bad-value', '/variables', 'The variables are an object: the schema must say `type: object`.')];
}

/** The model is to answer the last message. */
function checkEnd({ messages }: PromptDocument): Problem[] {
  if (messages.at(-1)?.role === 'user') return [];
  return [problem('bad-value', `/messages/${messages.length - 1}/role`, 'The last message must be of the user.')];
}

function checkTexts({ variables, instructions, messages }: PromptDocument): Problem[] {
  const texts = messages.map((message, index) => ({ path: `/messages/${index}/text`, text: message.text }));
  if (instructions !== undefined) texts.push({ path: '/instructions', text: instructions });
  return texts.flatMap(({ path, text }) => checkText(text, path, variables));
}

function checkText(text: string, path: string, schema: JsonSchema | undefined): Problem[] {
  const { problems, reads, references } = compileValue(text);
  if (problems.length > 0) return problems.map((found) => expressionProblem(text, found, path));
  const hint = 'A prompt reads its variables only: `vars.name`.';
  const foreign = reads.roots.filter((root) => root !== 'vars');
  const names = declaredBy(schema);
  return [
    ...foreign.map((root) => problem('not-in-scope', path, `\`${root}\` does not exist here.`, hint)),
    ...references
      .filter(({ kind, id }) => kind === 'vars' && !names.includes(id))
      .map(({ id }) =>
        problem('unknown-var', path, `The prompt declares no variable \`${id}\`.${didYouMean(id, names)}`),
      ),
  ];
}

const declaredBy = (schema: JsonSchema | undefined): string[] =>
  Object.keys((schema?.properties as Readonly<Record<string, Json>> | undefined) ?? {});

/** Two tests of one name could not be told apart in a report. */
function checkNames({ tests = [] }: PromptDocument): Problem[] {
  const seen = new Set<string>();
  return tests.flatMap(({ name }, index) => {
    if (seen.has(name))
      return [problem('duplicate-id', `/tests/${index}/name`, `Another test is called "${name}", too.`)];
    seen.add(name);
    return [];
  });
}
