import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Asked, Tool } from './asked.ts';
import { fill } from './fill.ts';
import { overlap, sentencesAbout, sentencesOf, summaryOf } from './words.ts';

/** What the playground's model answers. The same request always gets the same answer. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly cut: boolean;
  readonly refusal: string | null;
}

/** About how many characters a token has. */
const CHARACTERS_PER_TOKEN = 4;

export const tokensOf = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);

/** Answers a request: with a tool, with a value of a schema, or in words. */
export function answerTo(asked: Asked): Answer {
  if (asked.model === 'refuses') return { text: '', calls: [], cut: false, refusal: 'I do not want to answer this.' };
  const tool = nextTool(asked);
  if (tool !== null) return { text: '', calls: [callOf(tool, asked)], cut: false, refusal: null };
  const whole = asked.schema === null ? inWords(asked) : JSON.stringify(inShape(asked, asked.schema));
  const most = asked.mostTokens * CHARACTERS_PER_TOKEN;
  return { text: whole.slice(0, most), calls: [], cut: whole.length > most, refusal: null };
}

/** A value of a schema. A schema with places for an answer and its proof gets the sentences that fit the question. */
function inShape(asked: Asked, schema: JsonObject): Json {
  const value = fill(schema, aboutWhich(asked));
  const names = Object.keys((schema.properties ?? {}) as object);
  if (!['found', 'answer', 'quotes'].every((name) => names.includes(name))) return value;
  const quotes = sentencesAbout(asked.material, questionOf(asked), 2);
  return { ...(value as JsonObject), found: quotes.length > 0, answer: quotes.join(' '), quotes };
}

/** The question in a request, or else all of it. */
const questionOf = ({ wish }: Asked): string =>
  sentencesOf(wish).findLast((sentence) => sentence.endsWith('?')) ?? wish;

/** Each tool that the request speaks of is used once, in the order in which the request names them. */
function nextTool({ tools, results, wish, material }: Asked): Tool | null {
  const used = new Set(results.map(({ name }) => name));
  const request = `${wish}\n${material}`.toLowerCase();
  const fitting = tools
    .filter((tool) => !used.has(tool.name))
    .map((tool) => ({ tool, at: positionOf(tool, request) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at);
  return fitting[0]?.tool ?? null;
}

/** Where a request speaks of a tool, or -1. */
function positionOf({ name, description }: Tool, request: string): number {
  const places = name
    .toLowerCase()
    .split(/[_\-.]|(?<=[a-z])(?=[A-Z])/)
    .filter((word) => word.length > 2)
    .map((word) => request.indexOf(word));
  const found = places.filter((at) => at >= 0);
  if (found.length > 0) return Math.min(...found);
  return overlap(description, request) > 1 ? request.length : -1;
}

function callOf({ name, parameters }: Tool, asked: Asked): Answer['calls'][number] {
  const known = aboutWhich(asked);
  const id = `call_${createHash('sha256').update(`${name}\n${known}`).digest('hex').slice(0, 16)}`;
  return { id, name, arguments: JSON.stringify(fill(parameters, known)) };
}

/** What a value is read from: the data, with what tools have found out. */
const aboutWhich = ({ material, results }: Asked): string =>
  [material, ...results.map(({ output }) => output)].join('\n');

/** Most words of an answer that nobody limits. */
const USUAL_WORDS = 80;

function inWords(asked: Asked): string {
  const { wish, material, results } = asked;
  if (results.length > 0) return results.map(({ name, output }) => `${name}: ${output}`).join('\n');
  const words = Number(/(?:at most|in|about) (\d{1,4}) words/i.exec(wish)?.[1] ?? USUAL_WORDS);
  const language = /\b(?:translate|write)\b[^.\n]{0,80}?\b(?:into|in) ([A-Z][\p{L}-]{2,20})/u.exec(wish)?.[1];
  if (/\btranslate/i.test(wish)) return `[${language ?? 'translated'}] ${material}`;
  if (/\b(?:rewrite|rephrase|correct|polish)/i.test(wish)) return material;
  const isList = /each line begins with "- "|bullet|list/i.test(wish);
  if (/\b(?:summar|notes?\b|tl;?dr)/i.test(wish)) {
    const chosen = summaryOf(material, words);
    return isList ? chosen.map((sentence) => `- ${sentence}`).join('\n') : chosen.join(' ');
  }
  const found = material === wish ? [] : sentencesAbout(material, questionOf(asked), 2);
  if (found.length > 0) return found.join(' ');
  return `This is the model of the playground: it reads, but does not think. It was asked: ${summaryOf(material, words).join(' ')}`;
}
