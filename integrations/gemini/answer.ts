import { randomUUID } from 'node:crypto';
import type { Json } from '../../graph/json.ts';
import { NodeError } from '../error.ts';
import { ChargedError } from '../models/charged.ts';
import type { ModelAnswer, ToolCall } from '../models/port.ts';
import { countOf, fieldsOf, listOf, textOf } from '../models/read.ts';
import { reportedUsage, uncached } from '../models/usage.ts';

const FILTERS = new Set(['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'LANGUAGE']);

/**
 * Reads an answer of `generateContent`.
 *
 * @throws NodeError `gemini.answer` if it is no such answer; ChargedError if the model wrote a call that is none
 */
export function readGenerated(body: unknown, asked: string): ModelAnswer {
  const { responseId, modelVersion, candidates, promptFeedback, usageMetadata } = fieldsOf(body);
  const [candidate] = listOf(candidates).map(fieldsOf);
  const parts = listOf(fieldsOf(candidate?.content).parts);
  const common = {
    id: textOf(responseId),
    model: textOf(modelVersion) ?? asked,
    usage: readUsage(usageMetadata, parts.length > 0),
  };
  const blocked = textOf(fieldsOf(promptFeedback).blockReason);
  if (blocked !== null)
    return { ...common, text: '', toolCalls: [], stop: 'filter', refusal: `The prompt was blocked: ${blocked}.` };
  if (candidate === undefined) {
    throw new NodeError(
      'gemini.answer',
      'POST :generateContent: the server answered 200, but not as the protocol says. Look at "baseUrl" of the connection.',
      { unknown: true },
    );
  }
  const reason = String(candidate.finishReason);
  if (reason === 'MALFORMED_FUNCTION_CALL') {
    const { usage, id } = common;
    throw new ChargedError('gemini.malformedCall', 'The model asked for a tool in a form that nobody can read.', {
      ...{ usage, id, retryable: true },
    });
  }
  const toolCalls = parts.flatMap(toolCallOf);
  return {
    ...common,
    text: parts
      .map(fieldsOf)
      .map(({ text, thought }) => (thought === true ? '' : (textOf(text) ?? '')))
      .join(''),
    toolCalls,
    stop: stopOf(reason, toolCalls.length),
    refusal: FILTERS.has(reason) ? (textOf(candidate.finishMessage) ?? `Stopped by the provider: ${reason}.`) : null,
    // Signatures of thoughts must come back with the parts they belong to.
    carried: parts as Json,
  };
}

function stopOf(reason: string, calls: number): ModelAnswer['stop'] {
  if (reason === 'MAX_TOKENS') return 'length';
  if (FILTERS.has(reason)) return 'filter';
  return calls > 0 ? 'tools' : 'end';
}

function toolCallOf(part: unknown): ToolCall[] {
  const { functionCall: call } = fieldsOf(part);
  if (call === undefined) return [];
  const { id, name, args } = fieldsOf(call);
  return [{ id: textOf(id) ?? randomUUID(), name: textOf(name) ?? '', arguments: JSON.stringify(args ?? {}) }];
}

function readUsage(usage: unknown, wrote: boolean): ModelAnswer['usage'] {
  const { promptTokenCount, cachedContentTokenCount: cacheRead, ...rest } = fieldsOf(usage);
  const reasoning = countOf(rest.thoughtsTokenCount);
  const output = countOf(rest.candidatesTokenCount) + reasoning;
  return reportedUsage({ input: uncached(promptTokenCount, cacheRead), cacheRead, output, reasoning }, wrote);
}
