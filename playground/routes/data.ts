import { Hono } from 'hono';
import { intQuery, problem } from '../request.ts';
import { CONTACTS, CUSTOMERS, DEBTORS, ORDERS, QUOTES, rowOf, USERS } from '../world.ts';

/** Systems to read from: a CRM, an ERP, a shop, carriers, a large table. The data is always the same. */
export function dataRoutes(): Hono {
  const app = new Hono();

  app.get('/crm/contacts', (c) => c.json(CONTACTS));
  app.get('/erp/debtors', (c) => c.json(DEBTORS));
  app.get('/shop/users', (c) => c.json(USERS));
  app.get('/shop/customers', (c) => c.json(CUSTOMERS));
  app.get('/shop/orders', (c) => {
    const customer = c.req.query('customer');
    return c.json(customer === undefined ? ORDERS : ORDERS.filter((order) => order.customer === customer));
  });

  app.get('/carriers/:name/quote', (c) => {
    const quote = QUOTES[c.req.param('name')];
    if (!quote) return problem(c, 503, 'carrier-down', `${c.req.param('name')} does not answer today.`);
    const kg = intQuery(c, 'kg', 1, 1, 1000);
    return c.json({ carrier: c.req.param('name'), price: quote.base + quote.perKg * kg, days: quote.days });
  });

  app.get('/table/rows', (c) => {
    const count = intQuery(c, 'count', 100, 0, 100_000);
    return c.body(ReadableStream.from(tableText(count)), 200, { 'content-type': 'application/json' });
  });
  return app;
}

/** Rows that are made at a time: a large table is not held in memory for each of its readers. */
const ROWS_AT_ONCE = 500;

/** The table as JSON text, in parts. */
function* tableText(count: number): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let first = 0; first < count; first += ROWS_AT_ONCE) {
    const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, count - first) }, (_, index) => rowOf(first + index));
    yield encoder.encode(`${first === 0 ? '[' : ','}${JSON.stringify(rows).slice(1, -1)}`);
  }
  yield encoder.encode(count === 0 ? '[]' : ']');
}
