import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createPlayground, startMailSink } from '../../playground/index.ts';
import { type PlayChain, startPlayChain } from './play-chain.ts';

/** Addresses that a test reads from outside; a run calls none of them. */
const LOOKS = new Set(['GET /playground/effects', 'GET /playground/mail']);

/** Called when a call has been carried out and recorded, before it is answered. Counts from 1. */
type BeforeAnswer = (call: number) => Promise<void> | void;

/** The playground in the test's own process: it survives every kill, and can hold back an answer. */
export interface OutsideWorld {
  /** Base URL of its endpoints. */
  readonly world: string;
  /** Its chain. Calls of it are not counted. */
  readonly chain: PlayChain;
  /** The environment with which `npm start` uses this playground. */
  readonly env: Readonly<Record<string, string>>;
  /** Counts calls and mails from now on; an answer waits for `beforeAnswer`. */
  watch(beforeAnswer?: BeforeAnswer): { calls(): number };
  close(): Promise<void>;
}

/** Starts the playground on free ports; it keeps its data in memory. */
export async function startOutsideWorld(): Promise<OutsideWorld> {
  let calls = 0;
  let before: BeforeAnswer = () => undefined;
  const count = () => before(++calls);

  const playground = createPlayground({ file: null });
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    if (!LOOKS.has(`${c.req.method} ${c.req.path}`)) await count();
  });
  app.route('/playground', playground.app);
  const server: ServerType = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const sink = await startMailSink({
    port: 0,
    onMail: (mail) => {
      playground.receiveMail(mail);
      return count();
    },
  });
  const chain = await startPlayChain();
  const { port } = server.address() as AddressInfo;
  const world = `http://127.0.0.1:${port}/playground`;
  return {
    world,
    chain,
    env: {
      PLAYGROUND_URL: world,
      PLAYGROUND_SMTP_PORT: String(sink.port),
      PLAYGROUND_CHAIN_URL: chain.urls.join(','),
    },
    watch(beforeAnswer = () => undefined) {
      let mine = 0;
      calls = 0;
      before = (call) => {
        mine = call;
        return beforeAnswer(call);
      };
      return { calls: () => mine };
    },
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await sink.close();
      await chain.close();
      playground.close();
    },
  };
}
