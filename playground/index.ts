import { Hono } from 'hono';
import { openLedger } from './ledger.ts';
import type { Mail } from './mail-sink.ts';
import { openRecorder } from './recorder.ts';
import { bookingRoutes } from './routes/bookings.ts';
import { dataRoutes } from './routes/data.ts';
import { mailRoutes, recordMail } from './routes/mail.ts';
import { probeRoutes } from './routes/probe.ts';
import { renderRoutes } from './routes/renders.ts';

export { type Mail, startMailSink } from './mail-sink.ts';

/** A small outside world for examples and tests. It remembers what was done to it. */
export interface Playground {
  /** The endpoints, without a prefix. Mount them with `api.route('/playground', playground.app)`. */
  readonly app: Hono;
  /** Pass this to `startMailSink({ onMail })`, and captured mail is listed under `GET /mail`. */
  receiveMail(mail: Mail): void;
  close(): void;
}

/**
 * Builds the playground on a recorder file (docs/playground.md). Its records survive a `kill -9`.
 *
 * @param options.file JSONL file, created if missing; null keeps everything in memory.
 * @example
 * const playground = createPlayground({ file: join(home, 'playground.jsonl') });
 * api.route('/playground', playground.app);
 * await startMailSink({ port: 4425, onMail: playground.receiveMail });
 */
export function createPlayground(options: { file: string | null }): Playground {
  const recorder = openRecorder(options.file);
  const ledger = openLedger(recorder);
  const app = new Hono();
  app.get('/', (c) => c.json({ status: 'ok', docs: 'docs/playground.md' }));
  app.route('/', probeRoutes(ledger));
  app.route('/', bookingRoutes(ledger));
  app.route('/', renderRoutes(ledger));
  app.route('/', dataRoutes(ledger));
  app.route('/', mailRoutes(ledger));
  return { app, receiveMail: (mail) => recordMail(ledger, mail), close: () => recorder.close() };
}
