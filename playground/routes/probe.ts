import { Hono } from 'hono';
import type { Ledger } from '../ledger.ts';
import { intQuery, keyOf, problem, readBody } from '../request.ts';

/** Longest delay of an answer, in milliseconds. */
const MAX_DELAY_MS = 60_000;

/** Endpoints that only show a behaviour: echo the request, answer late, fail a few times first. */
export function probeRoutes(ledger: Ledger): Hono {
  const app = new Hono();

  app.all('/echo', async (c) =>
    c.json({ method: c.req.method, query: c.req.query(), headers: c.req.header(), body: await readBody(c) }),
  );

  app.all('/delay/:ms', async (c) => {
    const ms = Math.min(MAX_DELAY_MS, Math.max(0, Number.parseInt(c.req.param('ms'), 10) || 0));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      c.req.raw.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return c.json({ waitedMs: ms });
  });

  // The first `failures` calls with a key fail, all later ones succeed. Retry policies are made for this.
  app.all('/flaky/:key', (c) => {
    const failures = intQuery(c, 'failures', 2, 0, 1000);
    const { effect } = ledger.call('flaky', c.req.param('key'), null, false);
    if (effect.calls <= failures) {
      return problem(c, 503, 'unavailable', `Call ${effect.calls} of ${failures} that fail; try again.`);
    }
    return c.json({ ok: true, key: c.req.param('key') });
  });

  // Any effect under any name. With an Idempotency-Key it happens once, however often it is requested.
  app.post('/effects/:name', async (c) => {
    const key = keyOf(c);
    const { applied, effect } = ledger.call(c.req.param('name'), key, await readBody(c), key !== '');
    return c.json({ name: effect.name, key, replayed: !applied, data: effect.data }, applied ? 201 : 200);
  });

  app.get('/effects', (c) => {
    const part = c.req.query('contains') ?? '';
    return c.json(ledger.list((effect) => JSON.stringify(effect).includes(part)));
  });

  app.delete('/effects', (c) => {
    ledger.clear();
    return c.json({ cleared: true });
  });
  return app;
}
