import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../../embedded/process/ports.ts';
import { type ServerProcess, startServerProcess } from '../../embedded/process/server-process.ts';
import { until } from '../../embedded/process/wait.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import type { Running } from './contender.ts';
import { installN8n } from './n8n-install.ts';
import { type N8nWorkflow, n8nDocument, n8nId } from './n8n-workflow.ts';

/** A running n8n. */
export interface N8n extends Running {
  readonly pid: number;
  /** Address of the webhook of a workflow. */
  readonly urlOf: (workflow: N8nWorkflow) => string;
}

/** Connections that n8n opens to Postgres. Its own default of 2 would be what is measured. */
const POOL = '20';

/**
 * n8n with a data folder of its own: one process that executes runs itself and saves them at their end. Nothing that it
 * would send to its makers is on.
 *
 * @param databaseUrl an empty database of Postgres; without it n8n uses SQLite, as it comes
 */
export async function startN8n(workflows: readonly N8nWorkflow[], databaseUrl?: string): Promise<N8n> {
  const program = await installN8n();
  const folder = temporaryFolder('bench-n8n');
  const [port, brokerPort] = (await freePorts(2)) as [number, number];
  const env = { ...environment(folder.path, { port, brokerPort }), ...(databaseUrl ? postgresOf(databaseUrl) : {}) };
  const file = join(folder.path, 'workflows.json');
  writeFileSync(file, JSON.stringify(workflows.map(n8nDocument)));
  const command = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args], { env });
  await command('import:workflow', `--input=${file}`);
  for (const workflow of workflows) await command('publish:workflow', `--id=${n8nId(workflow)}`);
  const server = await startServerProcess({
    name: 'n8n',
    file: process.execPath,
    args: [program, 'start'],
    env,
    logFile: join(folder.path, 'n8n.log'),
  });
  const stop = async () => {
    await server.stop();
    folder.remove();
  };
  const urlOf = ({ path }: N8nWorkflow) => `http://127.0.0.1:${port}/webhook/${path}`;
  try {
    for (const workflow of workflows) await untilServed(server, urlOf(workflow));
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: server.pid, urlOf, stop };
}

/** Waits until a webhook is there. GET is refused by all of them, and n8n says so once it knows the address. */
async function untilServed(server: ServerProcess, url: string): Promise<void> {
  const isThere = async (): Promise<true | undefined> => {
    const answer = await fetch(url).catch(() => undefined);
    return (await answer?.text())?.includes('not registered for GET requests') ? true : undefined;
  };
  const ready = await until<string | true>(() => server.end() ?? isThere(), { withinMs: 120_000, everyMs: 500 });
  if (ready !== true) throw new Error(`n8n does not serve ${url}:\n${server.tail()}`);
}

const environment = (folder: string, { port, brokerPort }: { port: number; brokerPort: number }) => ({
  ...process.env,
  N8N_USER_FOLDER: folder,
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
});

function postgresOf(databaseUrl: string) {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  return {
    DB_TYPE: 'postgresdb',
    DB_POSTGRESDB_HOST: hostname,
    DB_POSTGRESDB_PORT: port,
    DB_POSTGRESDB_USER: username,
    DB_POSTGRESDB_PASSWORD: decodeURIComponent(password),
    DB_POSTGRESDB_DATABASE: pathname.slice(1),
    DB_POSTGRESDB_POOL_SIZE: POOL,
  };
}
