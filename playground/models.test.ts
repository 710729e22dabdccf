import { describe, expect, it } from 'vitest';
import { createPlayground } from './index.ts';
import { fill } from './models/fill.ts';
import { vectorOf } from './models/vectors.ts';
import { summaryOf } from './models/words.ts';

const { app } = createPlayground({ file: null });
const post = async (path: string, body: object) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await app.request(`/openai/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
};
const get = async (path: string) => JSON.parse(await (await app.request(`/openai/v1${path}`)).text());

const MAIL = `Hello, I am Ann Baker. My order 4711 of 2026-11-02 arrived broken. I am angry and want a refund of 48.50 EUR.
Please answer to ann@example.com.`;
const marked = (text: string) => `<<<mail 0123456789abcdef>>>\n${text}\n<<<end 0123456789abcdef>>>`;
const textOf = (body: { output: { content?: { text: string }[] }[] }) => body.output[0]?.content?.[0]?.text ?? '';

describe('the model of the playground', () => {
  it('answers the same to the same, in both protocols', async () => {
    const input = `Summarize the mail in at most 15 words.\n${marked(MAIL)}`;
    const [first, again] = [
      await post('/responses', { model: 'm', input }),
      await post('/responses', { model: 'm', input }),
    ];
    expect(textOf(first.body)).toBe(textOf(again.body));
    expect(textOf(first.body)).toBe('Hello, I am Ann Baker. I am angry and want a refund of 48.50 EUR.');
    const chat = await post('/chat/completions', { model: 'm', messages: [{ role: 'user', content: input }] });
    expect(chat.body.choices[0].message.content).toBe(textOf(first.body));
    expect(first.body.usage.input_tokens).toBeGreaterThan(20);
  });

  it('finds the sentence of a text that answers a question', async () => {
    const text = 'The shop opens at nine. Parking is free. Dogs are welcome in the garden.';
    const { body } = await post('/responses', { model: 'm', input: `When does the shop open?\n${marked(text)}` });
    expect(textOf(body)).toBe('The shop opens at nine.');
  });

  it('fills a schema with what a text says', async () => {
    const schema = {
      type: 'object',
      properties: {
        email: { type: 'string' },
        refund: { type: 'number' },
        date: { type: 'string' },
        sentiment: { enum: ['positive', 'neutral', 'negative'] },
        category: { enum: ['billing', 'broken goods', 'praise'] },
        phone: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        entities: {
          type: 'array',
          items: {
            type: 'object',
            properties: { text: { type: 'string' }, type: { enum: ['person', 'money', 'date'] } },
          },
        },
      },
    };
    const text = { format: { type: 'json_schema', name: 'x', schema, strict: true } };
    const { body } = await post('/responses', { model: 'm', input: `Read it.\n${marked(MAIL)}`, text });
    expect(JSON.parse(textOf(body))).toEqual({
      email: 'ann@example.com',
      refund: 48.5,
      date: '2026-11-02',
      sentiment: 'negative',
      category: 'broken goods',
      phone: null,
      entities: [
        { text: 'Ann Baker', type: 'person' },
        { text: '2026-11-02', type: 'date' },
        { text: '48.50 EUR', type: 'money' },
      ],
    });
  });

  it('keeps to a schema whatever the text says', () => {
    const tree = {
      type: 'object',
      properties: { next: { $ref: '#' }, n: { type: 'integer', minimum: 3, maximum: 4 } },
    };
    expect(fill(tree, '')).toMatchObject({ n: 3 });
    expect(fill({ type: 'array', items: { type: 'string' }, maxItems: 2 }, 'a. b. c. d.')).toHaveLength(2);
  });

  it('uses the tools that a request speaks of, one after the other, and then tells what they found', async () => {
    const tool = (name: string) => ({
      type: 'function',
      name,
      description: `Does ${name}.`,
      parameters: { type: 'object', properties: { order: { type: 'string' } } },
    });
    const tools = [tool('send_refund'), tool('find_order'), tool('delete_customer')];
    const input: object[] = [{ role: 'user', content: 'First find the order: 4711. Then send a refund.' }];
    const used: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const { body } = await post('/responses', { model: 'm', input, tools });
      const call = body.output.find(({ type }: { type: string }) => type === 'function_call');
      if (!call) {
        expect(textOf(body)).toBe('find_order: done 0\nsend_refund: done 1');
        break;
      }
      used.push(call.name);
      input.push(call, { type: 'function_call_output', call_id: call.call_id, output: `done ${turn}` });
    }
    expect(used).toEqual(['find_order', 'send_refund']);
  });

  it('works in the background, and records each answer that it makes', async () => {
    await app.request('/effects', { method: 'DELETE' });
    const { body } = await post('/responses', { model: 'm', input: 'Hi.', background: true });
    expect(body.status).toBe('queued');
    expect((await get(`/responses/${body.id}`)).status).toBe('in_progress');
    expect((await get(`/responses/${body.id}`)).status).toBe('completed');
    expect((await get('/responses/resp_none')).error.code).toBe('not_found');
    const { items } = JSON.parse(await (await app.request('/effects?contains=model%20answer')).text());
    expect(items.filter(({ name }: { name: string }) => name === 'model answer')).toHaveLength(1);
  });

  it('refuses, and fails, for those who want to see it', async () => {
    const { body } = await post('/responses', { model: 'refuses', input: 'Hi.' });
    expect(body.output[0].content[0].type).toBe('refusal');
    const { status, headers } = await post('/responses', { model: 'overloaded', input: 'Hi.' });
    expect([status, headers.get('retry-after')]).toEqual([429, '1']);
    expect((await post('/chat/completions', { model: 'no-quota', messages: [] })).body.error.code).toBe(
      'insufficient_quota',
    );
  });

  it('cuts its answer off at the limit', async () => {
    const { body } = await post('/responses', {
      model: 'm',
      input: `Rewrite it.\n${marked(MAIL)}`,
      max_output_tokens: 5,
    });
    expect(body).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(textOf(body)).toHaveLength(20);
  });

  it('makes vectors in which related texts are near', () => {
    const likeness = (a: string, b: string) => {
      const [left, right] = [vectorOf(a), vectorOf(b)];
      return left.reduce((sum, each, at) => sum + each * right[at]!, 0);
    };
    const question = 'How do I get a refund for a broken lamp?';
    expect(likeness(question, question)).toBeCloseTo(1);
    expect(likeness(question, 'Refunds of broken goods')).toBeGreaterThan(
      likeness(question, 'Opening hours on Sunday') + 0.1,
    );
  });

  it('moderates, transcribes and draws', async () => {
    const moderated = (await post('/moderations', { input: ['I will kill you, idiot.', 'A nice day.'] })).body.results;
    expect(moderated.map(({ flagged }: { flagged: boolean }) => flagged)).toEqual([true, false]);
    const form = new FormData();
    form.set('file', new File(['Call me back.'], 'call.mp3'));
    const heard = await app.request('/openai/v1/audio/transcriptions', { method: 'POST', body: form });
    expect(JSON.parse(await heard.text()).text).toBe('Call me back.');
    const drawn = (await post('/images/generations', { prompt: 'A cat.' })).body.data[0].b64_json;
    expect(Buffer.from(drawn, 'base64').toString('latin1', 1, 4)).toBe('PNG');
  });

  it('reads a long text in a moment', () => {
    const begun = performance.now();
    summaryOf('The budget was agreed on by everybody. '.repeat(20_000), 100);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
