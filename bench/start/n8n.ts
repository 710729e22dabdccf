import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../../embedded/process/ports.ts';
import { startServerProcess } from '../../embedded/process/server-process.ts';
import { until } from '../../embedded/process/wait.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import type { Contender } from './contender.ts';
import { installN8n } from './n8n-install.ts';

const ID = 'benchStart000001';

const field = (name: string, type: string, value: string) => ({ id: name, name, type, value });

/** The same work: a webhook that answers with what the last node, a Set, gives. */
const WORKFLOW = {
  id: ID,
  name: 'bench-start',
  active: false,
  settings: { executionOrder: 'v1' },
  nodes: [
    {
      id: '00000000-0000-4000-8000-000000000001',
      name: 'Webhook',
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      position: [0, 0],
      webhookId: '00000000-0000-4000-8000-000000000003',
      parameters: { httpMethod: 'POST', path: 'bench-start', responseMode: 'lastNode', options: {} },
    },
    {
      id: '00000000-0000-4000-8000-000000000002',
      name: 'Set',
      type: 'n8n-nodes-base.set',
      typeVersion: 3.4,
      position: [200, 0],
      parameters: {
        options: {},
        assignments: {
          assignments: [
            field('greeting', 'string', '=Hello, {{ $json.body.name }}'),
            field('twice', 'number', '={{ $json.body.n * 2 }}'),
          ],
        },
      },
    },
  ],
  connections: { Webhook: { main: [[{ node: 'Set', type: 'main', index: 0 }]] } },
};

/**
 * n8n as it comes, with a data folder of its own: one process, SQLite, runs saved at their end only. Nothing that it
 * would send to its makers is on.
 */
export async function startN8n(): Promise<Contender> {
  const program = await installN8n();
  const folder = temporaryFolder('bench-n8n');
  const [port, brokerPort] = (await freePorts(2)) as [number, number];
  const env = {
    ...process.env,
    N8N_USER_FOLDER: folder.path,
    N8N_ENCRYPTION_KEY: 'bench',
    N8N_PORT: String(port),
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_RUNNERS_BROKER_PORT: String(brokerPort),
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    N8N_LOG_LEVEL: 'warn',
    EXECUTIONS_MODE: 'regular',
    EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
    EXECUTIONS_DATA_SAVE_ON_PROGRESS: 'false',
  };
  const file = join(folder.path, 'workflow.json');
  writeFileSync(file, JSON.stringify(WORKFLOW));
  const command = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args], { env });
  await command('import:workflow', `--input=${file}`);
  await command('publish:workflow', `--id=${ID}`);
  const logFile = join(folder.path, 'n8n.log');
  const server = await startServerProcess({
    name: 'n8n',
    file: process.execPath,
    args: [program, 'start'],
    env,
    logFile,
  });
  const url = `http://127.0.0.1:${port}/webhook/bench-start`;
  const body = JSON.stringify({ name: 'bench', n: 21 });
  const isRight = (status: number, text: string) => status === 200 && JSON.parse(text).twice === 42;
  const isReady = async (): Promise<true | undefined> => {
    const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const answer = await fetch(url, sent).catch(() => undefined);
    return answer && isRight(answer.status, await answer.text()) ? true : undefined;
  };
  const stop = async () => {
    await server.stop();
    folder.remove();
  };
  const ready = await until<string | true>(() => server.end() ?? isReady(), { withinMs: 120_000, everyMs: 500 });
  if (ready !== true) {
    const tail = server.tail();
    await stop();
    throw new Error(`n8n did not get ready:\n${tail}`);
  }
  return { name: 'n8n', call: { url, body, isRight }, pids: { n8n: server.pid }, stop };
}
