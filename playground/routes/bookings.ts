import { Hono } from 'hono';
import type { JsonObject } from '../../graph/json.ts';
import type { Ledger } from '../ledger.ts';
import { problem, readObject } from '../request.ts';

/** Prices in euros of the things that can be booked; anything else costs 100. */
const PRICES: Readonly<Record<string, number>> = { flights: 320, hotels: 180 };

/**
 * A travel agency and its bank. The caller chooses the id, so a repeated PUT books once and a repeated DELETE
 * cancels once: `PUT /bookings/flights/{id}`, `PUT /payments/{id} { amount, card }`.
 */
export function bookingRoutes(ledger: Ledger): Hono {
  const app = new Hono();

  app.put('/bookings/:kind/:id', async (c) => {
    const { kind, id } = c.req.param();
    const { effect } = ledger.call(`book ${kind}`, id, await readObject(c), true);
    return c.json({ id, kind, status: 'booked', price: PRICES[kind] ?? 100, details: effect.data });
  });
  app.delete('/bookings/:kind/:id', (c) => {
    const { kind, id } = c.req.param();
    ledger.call(`cancel ${kind}`, id, null, true);
    return c.json({ id, kind, status: 'cancelled' });
  });
  app.get('/bookings/:kind/:id', (c) => {
    const { kind, id } = c.req.param();
    if (!ledger.find(`book ${kind}`, id)) return problem(c, 404, 'not-found', `No booking ${id} of ${kind}.`);
    return c.json({ id, kind, status: ledger.find(`cancel ${kind}`, id) ? 'cancelled' : 'booked' });
  });

  app.put('/payments/:id', async (c) => {
    const { id } = c.req.param();
    const body: JsonObject = await readObject(c);
    if (body.card === 'declined') return problem(c, 402, 'card-declined', 'The bank declined the card.');
    const { effect } = ledger.call('pay', id, { amount: body.amount ?? null }, true);
    return c.json({ id, status: 'paid', ...(effect.data as JsonObject) });
  });
  app.delete('/payments/:id', (c) => {
    const { id } = c.req.param();
    ledger.call('refund', id, null, true);
    return c.json({ id, status: 'refunded' });
  });
  return app;
}
