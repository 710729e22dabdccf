import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createPlayground, startMailSink } from './index.ts';

/**
 * The playground as a separate process, so that it survives whatever a test kills:
 * `node playground/main.ts` with PLAYGROUND_PORT (4490), PLAYGROUND_SMTP_PORT (4425), PLAYGROUND_FILE (playground.jsonl).
 */
const port = Number(process.env.PLAYGROUND_PORT ?? 4490);
const file = process.env.PLAYGROUND_FILE ?? 'playground.jsonl';
const playground = createPlayground({ file });
const app = new Hono().route('/playground', playground.app);

const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info) => {
  process.stdout.write(`playground http://127.0.0.1:${info.port}/playground\n`);
});
const sink = await startMailSink({
  port: Number(process.env.PLAYGROUND_SMTP_PORT ?? 4425),
  onMail: playground.receiveMail,
});
process.stdout.write(`mail sink smtp://127.0.0.1:${sink.port}\n`);

const stop = async () => {
  server.close();
  await sink.close();
  playground.close();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
