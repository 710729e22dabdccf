import { createHash, randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { JsonObject } from '../../graph/json.ts';
import type { Ledger } from '../ledger.ts';
import { intQuery, keyOf, problem, readObject } from '../request.ts';

/**
 * A slow service: a render is ordered, then polled until it is done. `POST /renders { video }` answers 201 with its
 * id; `GET /renders/{id}?polls=3` says `queued`, `running`, and from the third poll on `done` (or `error` for a video
 * whose name starts with `broken`).
 */
export function renderRoutes(ledger: Ledger): Hono {
  const app = new Hono();

  app.post('/renders', async (c) => {
    const body = await readObject(c);
    const id = shortId(keyOf(c) || randomUUID());
    const { applied, effect } = ledger.call('render', id, body, true);
    return c.json({ ...(effect.data as JsonObject), id, status: 'queued' }, applied ? 201 : 200);
  });

  app.get('/renders/:id', (c) => {
    const { id } = c.req.param();
    const order = ledger.find('render', id);
    if (!order) return problem(c, 404, 'not-found', `No render ${id}.`);
    const polls = intQuery(c, 'polls', 3, 1, 1000);
    const { calls } = ledger.call('look at render', id, null, false).effect;
    const video = String((order.data as JsonObject).video);
    if (calls < polls) return c.json({ id, video, status: calls === 1 ? 'queued' : 'running' });
    if (video.startsWith('broken')) return c.json({ id, video, status: 'error', reason: 'The codec is unknown.' });
    return c.json({ id, video, status: 'done', url: `https://videos.example/${encodeURIComponent(video)}` });
  });
  return app;
}

/** An id that can be part of a path, the same for the same key. */
const shortId = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 12);
