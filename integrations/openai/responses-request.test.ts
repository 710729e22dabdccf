import { expect, it } from 'vitest';
import type { Message } from '../models/port.ts';
import { responsesBody } from './responses-request.ts';

const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'find', arguments: '{}' };

function itemsFor(...carried: object[]): unknown {
  const said: Message = { role: 'assistant', text: '', toolCalls: [], carried: carried as never };
  return responsesBody({ model: 'm', messages: [said], maxOutputTokens: 100 }).input;
}

it('gives items back with their ids if their reasoning travels with them', () => {
  const reasoning = { type: 'reasoning', id: 'rs_1', encrypted_content: 'c2VjcmV0' };
  expect(itemsFor(reasoning, call)).toEqual([reasoning, call]);
});

it('gives items back without ids if their reasoning is kept by nobody', () => {
  const { id: _, ...without } = call;
  expect(itemsFor({ type: 'reasoning', id: 'rs_1', summary: [] }, call)).toEqual([without]);
});
