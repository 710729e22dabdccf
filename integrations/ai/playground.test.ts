/** The `ai` nodes at the model of the playground, as an example sees them. */
import { afterAll, expect, it } from 'vitest';
import { servePlayground } from '../../playground/serve.ts';
import type { OpenConnection } from '../context.ts';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { generate } from './generate.ts';
import { object } from './object.ts';

const playground = await servePlayground({ port: 0, mailPort: 0, file: null });
afterAll(() => playground.close());
const connection = (data: object = {}): OpenConnection => ({
  name: 'playground-ai',
  type: 'openai',
  data: { baseUrl: `${playground.url}/openai/v1`, ...data },
  hosts: [],
});

it.each(['responses', 'chat'])('answers without a key: %s', async (speaks) => {
  const ctx = fakeContext({ connection: connection({ speaks }) });
  const data = { report: 'Sales rose by 12 percent in May. The new shop opened late. Costs were as planned.' };
  const { text } = await runNode(generate, ctx, { model: 'playground', prompt: 'What happened to the sales?', data });
  expect(text).toBe('Sales rose by 12 percent in May.');
});

it('gives the paid answer to an attempt after a crash', async () => {
  const ctx = fakeContext({ connection: connection() });
  const ask = () => runNode(generate, ctx, { model: 'playground', prompt: 'Hi.', background: true });
  const first = await ask();
  expect((await ask()).id).toBe(first.id);
});

it('makes data of a text', async () => {
  const schema = {
    type: 'object',
    properties: { number: { type: 'string' }, total: { type: 'number' }, dueDate: { type: 'string' } },
    required: ['number', 'total'],
    additionalProperties: false,
  };
  const data = { invoice: 'Invoice\nNumber: 2026-118\nTotal: 48.00 EUR\nDue date: 2026-12-01' };
  const ctx = fakeContext({ connection: connection() });
  const { value } = await runNode(object, ctx, { model: 'playground', prompt: 'Read the invoice.', data, schema });
  expect(value).toEqual({ number: '2026-118', total: 48, dueDate: '2026-12-01' });
});
