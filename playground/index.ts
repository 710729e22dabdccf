import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { openLedger } from './ledger.ts';
import { MAX_BODY_BYTES, MAX_MODEL_BODY_BYTES } from './limits.ts';
import type { Mail } from './mail-sink.ts';
import { openRecorder } from './recorder.ts';
import { problem } from './request.ts';
import { bookingRoutes } from './routes/bookings.ts';
import { dataRoutes } from './routes/data.ts';
import { feedRoutes } from './routes/feeds.ts';
import { mailRoutes, recordMail } from './routes/mail.ts';
import { modelRoutes } from './routes/models.ts';
import { probeRoutes } from './routes/probe.ts';
import { renderRoutes } from './routes/renders.ts';

export { type Mail, startMailSink } from './mail-sink.ts';

/** A small outside world for examples and tests. It remembers what was done to it. */
export interface Playground {
  /** The endpoints, without a prefix. */
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
 * const playground = createPlayground({ file: 'playground.jsonl' });
 * new Hono().route('/playground', playground.app);
 * await startMailSink({ port: 4425, onMail: playground.receiveMail });
 */
export function createPlayground(options: { file: string | null }): Playground {
  const recorder = openRecorder(options.file);
  const ledger = openLedger(recorder);
  const app = new Hono();
  const limited = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError: (c: Context) => problem(c, 413, 'too-large', `A body may have ${maxSize} bytes in the playground.`),
    });
  const [usual, forModels] = [limited(MAX_BODY_BYTES), limited(MAX_MODEL_BODY_BYTES)];
  app.use((c, next) => (c.req.path.includes('/openai/v1/') ? forModels(c, next) : usual(c, next)));
  app.get('/', (c) => c.json({ status: 'ok', docs: 'docs/playground.md' }));
  app.route('/', probeRoutes(ledger));
  app.route('/', bookingRoutes(ledger));
  app.route('/', renderRoutes(ledger));
  app.route('/', dataRoutes());
  app.route('/', feedRoutes(ledger));
  app.route('/', mailRoutes(ledger));
  app.route('/', modelRoutes(ledger));
  return { app, receiveMail: (mail) => recordMail(ledger, mail), close: () => recorder.close() };
}
