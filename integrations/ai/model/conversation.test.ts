import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message, ModelRequest } from '../../models/port.ts';
import { fakeContext } from '../../testing/run-node.ts';
import { type FakeModels, startFakeModels } from '../testing/fake-models.ts';
import { openModel } from './open.ts';

const servers = await startFakeModels();
afterAll(() => Promise.all(Object.values(servers).map(({ provider }) => provider.close())));

const tools = [
  {
    name: 'find_order',
    description: 'Finds an order.',
    parameters: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  },
];
const user = (text: string): Message => ({ role: 'user', content: [{ kind: 'text', text }] });

describe.each(Object.entries(servers))('a conversation with tools: %s', (_, models: FakeModels) => {
  const { provider, connection } = models;
  beforeEach(() => provider.reset());
  const ask = async (messages: readonly Message[], more: Partial<ModelRequest> = {}) => {
    const ctx = fakeContext({ connection });
    return (await openModel(ctx)).ask(ctx, { model: 'm', messages, tools, maxOutputTokens: 100, ...more });
  };

  it('returns the calls that the model asks for, and sends back what they came to', async () => {
    const calls = [
      { id: 'call_1', name: 'find_order', arguments: '{"id":"4711"}' },
      { id: 'call_2', name: 'find_order', arguments: '{"id":"4712"}' },
    ];
    provider.state.answers.push({ text: 'I look.', stop: 'tools', calls });
    const first = await ask([user('Where are my orders?')], { reasoning: 'low' });
    expect(first).toMatchObject({ stop: 'tools', text: 'I look.' });
    expect(first.toolCalls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) }))).toEqual(
      calls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) })),
    );
    const { text, toolCalls, carried } = first;
    const results = toolCalls.map(({ id, name }, index) => ({
      ...{ role: 'tool' as const, callId: id, name, output: `order ${index}`, failed: index === 1 },
    }));
    await ask([
      user('Where are my orders?'),
      { role: 'assistant', text, toolCalls, ...(carried !== undefined && { carried }) },
      ...results,
    ]);
    const sent = provider.requests[1]!.bytes.toString();
    for (const part of ['find_order', '4711', 'order 0', 'order 1']) expect(sent).toContain(part);
    // Reasoning goes back as it came, where a provider wants it back.
    if (carried !== undefined) expect(sent).toMatch(/c2VjcmV0|c2lnbmF0dXJl/);
  });

  it('can be told without what another provider wanted back', async () => {
    const toolCalls = [{ id: 'call_1', name: 'find_order', arguments: 'no json' }];
    await ask([
      user('Where is it?'),
      { role: 'assistant', text: '', toolCalls },
      { role: 'tool', callId: 'call_1', name: 'find_order', output: 'not found', failed: true },
      user('Look again.'),
    ]);
    expect(provider.requests[0]!.bytes.toString()).toContain('not found');
  });
});
