/** A Redis for the tests of one file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../embedded/process/ports.ts';
import { type ServerProcess, startServerProcess } from '../../embedded/process/server-process.ts';
import { until } from '../../embedded/process/wait.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A real Redis on a port of its own, which remembers nothing when it ends. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Starts it again after `kill`. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** It stays connected, and answers nothing. */
  hang(): void;
  goOn(): void;
  dispose(): Promise<void>;
}

/** Starts a Redis. `tls`: it speaks TLS only, with this certificate. */
export async function startRedis({ tls }: { tls?: { cert: string; key: string } } = {}): Promise<TestRedis> {
  const folder = temporaryFolder('redis');
  const port = await freePort();
  const files = { cert: join(folder.path, 'cert.pem'), key: join(folder.path, 'key.pem') };
  if (tls) for (const name of ['cert', 'key'] as const) writeFileSync(files[name], tls[name]);
  const secured = ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'];
  const listening = tls
    ? [...secured, '--tls-cert-file', files.cert, '--tls-key-file', files.key]
    : ['--port', String(port)];
  let server: ServerProcess | undefined;
  const start = async () => {
    const args = [...listening, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const logFile = join(folder.path, 'redis.log');
    const started = await startServerProcess({
      ...{ name: 'Redis', file: 'redis-server', args, logFile },
      // It holds nothing, and a server that hangs ends in no other way.
      stopSignal: 'SIGKILL',
    });
    server = started;
    const isReady = () => started.tail().includes('Ready to accept connections');
    if (!(await until(isReady, { withinMs: 10_000, everyMs: 20 }))) throw new Error(started.tail());
  };
  const kill = async () => {
    if (server) process.kill(server.pid, 'SIGKILL');
    await server?.ended;
  };
  await start();
  return {
    url: `${tls ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    port,
    start,
    kill,
    hang: () => void process.kill(server!.pid, 'SIGSTOP'),
    goOn: () => void process.kill(server!.pid, 'SIGCONT'),
    dispose: async () => {
      await kill().catch(() => undefined);
      folder.remove();
    },
  };
}
