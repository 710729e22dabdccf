import { Hono } from 'hono';
import type { Json } from '../../graph/json.ts';
import type { Effect, Ledger } from '../ledger.ts';
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
    const fits = ({ name, data }: Effect): boolean => {
      if (name !== 'mail') return false;
      const mail = mailIn(data);
      if (to !== undefined && !mail.to.includes(to)) return false;
      return part === undefined || mail.subject.includes(part) || mail.text.includes(part);
    };
    const { items, ...rest } = ledger.list(fits);
    return c.json({ items: items.map(({ data, calls }) => ({ ...mailIn(data), copies: calls })), ...rest });
  });
  return app;
}

const mailIn = (data: Json): Mail => data as unknown as Mail;
