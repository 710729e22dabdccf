import { servePlayground } from './serve.ts';

/**
 * The playground as a separate process, so that it survives whatever a test kills:
 * `node playground/main.ts` with PLAYGROUND_PORT (4490), PLAYGROUND_SMTP_PORT (4425), PLAYGROUND_FILE (playground.jsonl).
 */
const { PLAYGROUND_PORT = '4490', PLAYGROUND_SMTP_PORT = '4425', PLAYGROUND_FILE = 'playground.jsonl' } = process.env;
const playground = await servePlayground({
  port: Number(PLAYGROUND_PORT),
  mailPort: Number(PLAYGROUND_SMTP_PORT),
  file: PLAYGROUND_FILE,
});
process.stdout.write(`playground ${playground.url}\nmail sink smtp://127.0.0.1:${playground.mailPort}\n`);

const stop = () => void playground.close();
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
