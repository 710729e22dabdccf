import { Hono } from 'hono';
import type { Ledger } from '../ledger.ts';
import type { Mail } from '../mail-sink.ts';

/** Records a captured mail. Mails with the same Message-ID count once, because they are the same mail, sent again. */
export function recordMail(ledger: Ledger, mail: Mail): void {
  ledger.call('mail', mail.messageId, { ...mail, to: [...mail.to] }, mail.messageId !== '');
}

/** Reads the mail the sink has captured: `GET /mail?to=…&contains=…`. */
export function mailRoutes(ledger: Ledger): Hono {
  const app = new Hono();
  app.get('/mail', (c) => {
    const to = c.req.query('to');
    const part = c.req.query('contains');
    const items = ledger
      .list()
      .filter((effect) => effect.name === 'mail')
      .map((effect) => ({ ...(effect.data as unknown as Mail), copies: effect.calls }))
      .filter((mail) => to === undefined || mail.to.includes(to))
      .filter((mail) => part === undefined || mail.subject.includes(part) || mail.text.includes(part));
    return c.json({ items });
  });
  return app;
}
