import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../scripts/process/ports.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { resultOf, startTestWorker, type TestWorker } from '../worker/testing.ts';

/** A way to the database that can be closed. */
function gate(port: number, target: URL) {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    return socket;
  };
  return {
    open: () =>
      new Promise<void>((resolve) => {
        server = createServer((socket) => {
          const onward = keep(connect(Number(target.port), target.hostname));
          keep(socket).pipe(onward).pipe(socket);
        }).listen(port, '127.0.0.1', resolve);
      }),
    close: () => {
      server?.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describeWith(['temporal'], "while Blok's own database is away", () => {
  let test: TestWorker;
  let way: ReturnType<typeof gate>;
  beforeAll(async () => {
    const port = await freePort();
    test = await startTestWorker({
      through: (databaseUrl) => {
        const url = new URL(databaseUrl);
        way = gate(port, new URL(databaseUrl));
        url.port = String(port);
        url.hostname = '127.0.0.1';
        return url.href;
      },
    });
    await way.open();
  });
  afterAll(async () => {
    await test.dispose();
    way.close();
  });

  it('a step waits for it, and has all its attempts left for what it is there for', async () => {
    way.close();
    const handle = await test.start(`
blok: 1
name: away
nodes:
  keep: { uses: kv.set, with: { key: k, value: 1 }, retry: { maxAttempts: 1 }, timeout: 1m }
output: "\${{ nodes.keep.value }}"
`);
    // Longer than one pause, shorter than half of what the attempt may take.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await way.open();
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: 1 });
  });
});
