import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Json } from '../../graph/json.ts';
import type { Ledger } from '../ledger.ts';
import { type Answer, answerTo, tokensOf } from '../models/answer.ts';
import { type Asked, askedByChat, askedByResponses } from '../models/asked.ts';
import { moderationOf } from '../models/moderation.ts';
import { pictureOf } from '../models/picture.ts';
import { asChat, asResponse, asWorking } from '../models/shapes.ts';
import { vectorOf } from '../models/vectors.ts';
import { readObject } from '../request.ts';

/** Name of an answer's effect: each one would have to be paid for. */
const ANSWER = 'model answer';

/** Name of the effect that an answer in the background is stopped. */
const STOPPED = 'model answer stopped';

/** How often somebody must look before an answer in the background is ready. */
const LOOKS = 2;

/** An answer that was made, as it is recorded. */
interface Kept {
  readonly asked: Pick<Asked, 'model' | 'length'>;
  readonly answer: Answer;
}

/**
 * A model that speaks OpenAI's protocol: the Responses API, chat completions, and the services beside them. It is no model,
 * but reads texts by rules: the same request always gets the same answer, and the answer is of use.
 */
export function modelRoutes(ledger: Ledger): Hono {
  const app = new Hono().basePath('/openai/v1');

  app.get('/models', (c) => {
    const data = ['playground', 'refuses', 'overloaded', 'no-quota'].map((id) => ({
      id,
      object: 'model',
      created: 0,
      owned_by: 'blok',
    }));
    return c.json({ object: 'list', data });
  });

  app.post('/responses', async (c) => {
    const body = await readObject(c);
    const asked = askedByResponses(body);
    const failed = failureOf(c, asked.model);
    if (failed) return failed;
    const id = `resp_${randomUUID()}`;
    const answer = answered(ledger, id, asked);
    return c.json(body.background === true ? asWorking(id, asked.model, 'queued') : asResponse({ id, asked, answer }));
  });
  app.get('/responses/:id', (c) => {
    const { id } = c.req.param();
    const kept = ledger.find(ANSWER, id)?.data as unknown as Kept | undefined;
    if (kept === undefined) return refusal(c, 404, 'not_found', `Response with id '${id}' not found.`);
    if (ledger.find(STOPPED, id)) return c.json(asWorking(id, kept.asked.model, 'cancelled'));
    const { calls } = ledger.call('look at model answer', id, null, false).effect;
    return c.json(calls < LOOKS ? asWorking(id, kept.asked.model, 'in_progress') : asResponse({ id, ...kept }));
  });

  app.post('/responses/:id/cancel', (c) => {
    const { id } = c.req.param();
    const kept = ledger.find(ANSWER, id)?.data as unknown as Kept | undefined;
    if (kept === undefined) return refusal(c, 404, 'not_found', `Response with id '${id}' not found.`);
    ledger.call(STOPPED, id, null, true);
    return c.json(asWorking(id, kept.asked.model, 'cancelled'));
  });

  app.post('/chat/completions', async (c) => {
    const asked = askedByChat(await readObject(c));
    const failed = failureOf(c, asked.model);
    if (failed) return failed;
    const id = `chatcmpl-${randomUUID()}`;
    const answer = answered(ledger, id, asked);
    return c.json(asChat({ id, asked, answer }));
  });

  app.route('/', serviceRoutes());
  return app;
}

/** Makes an answer, and records it. */
function answered(ledger: Ledger, id: string, asked: Asked): Answer {
  const answer = answerTo(asked);
  ledger.call(ANSWER, id, { asked: { model: asked.model, length: asked.length }, answer } as unknown as Json, true);
  return answer;
}

/** Services beside answers: vectors, moderation, recordings, images. */
function serviceRoutes(): Hono {
  const app = new Hono();
  app.post('/embeddings', async (c) => {
    const { model = '', input = '', dimensions } = await readObject(c);
    const texts = [input].flat().map(String);
    const size = typeof dimensions === 'number' ? dimensions : undefined;
    const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text, size) }));
    const tokens = tokensOf(texts.join('').length);
    return c.json({ object: 'list', model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } });
  });
  app.post('/moderations', async (c) => {
    const { model = '', input = '' } = await readObject(c);
    const parts = [input]
      .flat()
      .map((part) => (typeof part === 'string' ? part : String((part as { text?: Json } | null)?.text ?? '')));
    return c.json({ id: `modr-${randomUUID()}`, model, results: parts.map(moderationOf) });
  });
  app.post('/audio/transcriptions', async (c) => {
    const { file } = await c.req.parseBody();
    if (!(file instanceof File)) return refusal(c, 400, 'invalid_request_error', 'Send the recording as "file".');
    const bytes = Buffer.from(await file.arrayBuffer());
    const seconds = Math.max(1, Math.round(bytes.length / 32_000));
    return c.json({ text: spokenIn(bytes, file.name), usage: { type: 'duration', seconds } });
  });
  app.post('/images/generations', async (c) => {
    const { prompt = '' } = await readObject(c);
    const usage = { input_tokens: tokensOf(String(prompt).length), output_tokens: 272, total_tokens: 0 };
    const b64_json = pictureOf(String(prompt)).toString('base64');
    return c.json({ created: 0, output_format: 'png', data: [{ b64_json }], usage });
  });
  return app;
}

/** What is "said" in a recording: its text, if it is one, because the playground cannot hear. */
function spokenIn(bytes: Buffer, name: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text.trim();
  } catch {
    // Sound is no text.
  }
  return `A recording called ${name}.`;
}

/** Models that always fail, to try what happens then. */
function failureOf(c: Context, model: string): Response | null {
  if (model === 'overloaded') return refusal(c, 429, 'rate_limit_exceeded', 'Slow down.', { 'retry-after': '1' });
  if (model === 'no-quota') return refusal(c, 429, 'insufficient_quota', 'You exceeded your current quota.');
  return null;
}

const refusal = (
  c: Context,
  status: 400 | 404 | 429,
  code: string,
  message: string,
  headers: Record<string, string> = {},
) => c.json({ error: { message, type: code, param: null, code } }, status, headers);
