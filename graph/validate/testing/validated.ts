/** A small catalogue for tests of the language: the providers that its examples use. */

import type { Catalogue, Effect, NodeFacts } from '../../catalogue.ts';
import type { JsonSchema } from '../../json.ts';
import type { StoredConnection } from '../../node-types/context.ts';

const text: JsonSchema = { type: 'string' };
const any: JsonSchema = {};
const map: JsonSchema = { type: 'object' };
const ms = { short: 10_000, long: 60_000 };

/** `name` is required, `name?` is not. */
function input(fields: Record<string, JsonSchema>): JsonSchema {
  const names = Object.keys(fields);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name.replace('?', ''), fields[name]])),
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

/** Facts of a made-up node type. */
export function fact(
  type: string,
  effect: Effect,
  fields: Record<string, JsonSchema>,
  more: Partial<NodeFacts> = {},
): [string, NodeFacts] {
  const retry = {
    maxAttempts: 3,
    delayMs: 1_000,
    factor: 2,
    maxDelayMs: 30_000,
    attemptTimeoutMs: ms.short,
    giveUpOn: [],
  };
  return [
    type,
    {
      type,
      version: '1.0.0',
      title: type,
      effect,
      input: input(fields),
      output: any,
      retry,
      timeoutMs: ms.long,
      ...more,
    },
  ];
}

const needs = (type: string, ...scopes: string[]) => ({ connection: { type, required: true, scopes } });
const keyed = {
  type: 'object',
  properties: { key: text, scope: { enum: ['workflow', 'workspace'] } },
  required: ['key'],
};

/** As `promptReference` of `integrations/prompts.ts` is described. */
const promptNamed = {
  type: 'object',
  properties: { name: text, version: { type: 'integer', exclusiveMinimum: 0 }, variables: map },
  required: ['name'],
  additionalProperties: false,
  blokPrompt: true,
};

export const testCatalogue: Catalogue = new Map([
  fact(
    'http.request',
    'at-least-once',
    {
      url: { type: 'string', minLength: 1 },
      'method?': { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
      'query?': { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
      'headers?': { type: 'object', additionalProperties: text },
      'json?': any,
    },
    { connection: { type: 'http-*', required: false } },
  ),
  fact('postgres.query', 'at-least-once', { sql: text, 'params?': { type: 'array' } }, needs('postgres')),
  fact(
    'email.send',
    'at-least-once',
    { to: { anyOf: [text, { type: 'array', items: text }] }, subject: text, text },
    needs('smtp'),
  ),
  fact('slack.sendMessage', 'at-least-once', { channel: text, text }, needs('slack', 'chat:write')),
  fact(
    'stripe.charge',
    'exactly-once',
    { customer: text, amount: { type: 'number' }, 'reference?': text },
    needs('stripe'),
  ),
  fact('stripe.refund', 'exactly-once', { 'reference?': text, 'charge?': text }, needs('stripe')),
  fact('solana.price', 'read', { symbol: text }, { timeoutMs: 1_500, version: '2.1.0' }),
  fact(
    'openai.generateText',
    'at-least-once',
    { model: text, messages: { type: 'array' }, 'tools?': { type: 'array' } },
    { ...needs('openai'), retires: { model: { 'old-1': { on: '2026-12-11', instead: 'new-2' } } } },
  ),
  fact(
    'kv.get',
    'read',
    { key: text },
    {
      input: keyed,
      timeoutMs: 1_000,
      retry: { maxAttempts: 2, delayMs: 100, factor: 2, maxDelayMs: 500, attemptTimeoutMs: 500, giveUpOn: [] },
      output: {
        type: 'object',
        properties: { value: any, version: { type: 'integer' } },
        required: ['value', 'version'],
        additionalProperties: false,
      },
    },
  ),
  fact('kv.set', 'exactly-once', { key: text, value: any }),
  fact('event.emit', 'exactly-once', { event: text, 'data?': any }),
  fact('file.read', 'read', { path: text }),
  fact('file.write', 'idempotent', { path: text, text }),
  fact('file.delete', 'idempotent', { path: text }),
  fact('code.javascript', 'read', { source: text, 'input?': map }),
  fact('workflow.run', 'exactly-once', {
    workflow: { type: 'string', minLength: 1 },
    'allow?': { type: 'array', minItems: 1, items: text },
    'version?': { type: 'integer', minimum: 1 },
    'input?': any,
    'wait?': { type: 'boolean' },
  }),
  fact(
    'ai.turn',
    'at-least-once',
    { next: map, tools: map, 'servers?': { type: 'array' }, 'listed?': { type: 'array' } },
    {
      connection: { type: ['openai', 'anthropic'], required: true },
      retires: { model: { 'old-1': { on: '2026-12-11', instead: 'new-2' } } },
    },
  ),
  fact(
    'ai.mcpTools',
    'idempotent',
    { url: text, 'server?': text, tools: { type: 'array' } },
    { connection: { type: 'http-*', required: false } },
  ),
  fact(
    'ai.mcpCall',
    'at-least-once',
    { url: text, tool: text, 'args?': map, 'sha256?': { type: ['string', 'null'] } },
    { connection: { type: 'http-*', required: false } },
  ),
  fact('demo.choose', 'read', {}, { ports: ['yes', 'no'] }),
  fact('ai.object', 'at-least-once', { prompt: text, schema: map }, { schemas: ['schema'] }),
  fact('ai.write', 'at-least-once', { prompt: { anyOf: [text, promptNamed] } }),
]);

/** Prompts the examples name: the newest version of each. */
export const testPrompts: ReadonlyMap<string, number> = new Map([['greeting', 3]]);

/** Connections the examples name, by name. */
export const testConnections: ReadonlyMap<string, StoredConnection> = new Map<string, StoredConnection>([
  ...Object.entries({
    'github-hook': 'webhook-secret',
    'site-key': 'http-bearer',
    ci: 'http-bearer',
    erp: 'http-basic',
    bank: 'http-bearer',
    billing: 'http-bearer',
    crm: 'postgres',
    dwh: 'postgres',
    smtp: 'smtp',
    'team-slack': 'slack',
    stripe: 'stripe',
    openai: 'openai',
  }).map(([name, type]) => [name, { type }] as const),
  // One that its service lets read, and one that may write.
  ['read-slack', { type: 'slack', scopes: ['channels:read'] }],
  ['write-slack', { type: 'slack', scopes: ['channels:read', 'chat:write'] }],
]);
