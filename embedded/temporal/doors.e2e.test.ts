import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, findChromium } from '../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import type { Address } from '../process/door.ts';
import { freePorts } from '../process/ports.ts';
import { listening } from '../process/testing/listening.ts';
import { type DevServer, startDevServer } from './dev-server.ts';
import { BLOCKED_PORTS, hiddenAddress } from './hidden-address.ts';

const folder = temporaryFolder('doors');
let server: DevServer;
let uiPort: number;
let hidden: Address;

const begin = async (cli = sharedTemporal().cli) => {
  const [port, ui] = (await freePorts(2)) as [number, number];
  uiPort = ui;
  hidden = await hiddenAddress();
  server = await startDevServer({
    cli,
    port,
    ui: { port: uiPort, hidden },
    logFile: join(folder.path, 'temporal.log'),
  });
};

/**
 * A Temporal CLI that finds its HTTP port taken the first time, as if another server had chosen the same one at the same
 * moment, and starts as ever after that.
 */
function outrunOnce(cli: string): string {
  mkdirSync(folder.path, { recursive: true });
  const file = join(folder.path, 'outrun');
  const lines = [
    '#!/bin/sh',
    `if [ "$1" = server ] && mkdir '${file}.once' 2>/dev/null; then`,
    '  while [ "$1" != --http-port ]; do shift; done',
    '  echo "Error: can\'t set frontend HTTP port $2: listen tcp 127.0.0.1:$2: bind: address already in use" >&2',
    '  exit 1',
    'fi',
    `exec '${cli}' "$@"`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o755 });
  return file;
}

const end = async () => {
  await server?.process.stop();
  folder.remove();
};

/** What a page of another site can make a browser send without asking the server first. */
const FOREIGN = { origin: 'http://evil.example', 'content-type': 'text/plain' };

interface Asking extends Address {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The status of the answer; 0 if the server speaks no HTTP. */
function statusOf({ body = '', ...options }: Asking): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request({ ...options, timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    outgoing.once('timeout', () => outgoing.destroy());
    outgoing.once('error', () => resolve(0)).end(body);
  });
}

describeWith(['temporal'], 'the doors of the embedded Temporal', () => {
  beforeAll(() => begin());
  afterAll(end);

  it.runIf(listening(process.pid))('take nothing over HTTP, at no port except that of the UI', async () => {
    const doors = listening(server.process.pid)!.filter(({ host }) => host !== hidden.host);
    expect(doors.length).toBeGreaterThanOrEqual(4);
    const start = JSON.stringify({ workflowType: { name: 'stranger~v1' }, taskQueue: { name: 'blok' } });
    const workflows = '/api/v1/namespaces/default/workflows';
    for (const door of doors) {
      for (const host of [`127.0.0.1:${door.port}`, 'localhost', 'rebind.evil.example', '']) {
        const headers = { ...FOREIGN, host };
        const post = { ...door, method: 'POST', headers, body: start };
        for (const id of ['/stranger', '/stranger?pretty', '/stranger/terminate'])
          expect(await statusOf({ ...post, path: workflows + id })).not.toBe(200);
        for (const path of [workflows, '/api/v1/namespaces', '/namespaces', '/cluster'])
          expect(await statusOf({ ...door, headers, path })).not.toBe(200);
      }
    }
    // What does answer, such as the metrics, is where no browser goes.
    for (const door of doors) {
      const answers = await Promise.all(['/', '/metrics'].map((path) => statusOf({ ...door, path })));
      if (answers.some((status) => status !== 0)) expect(BLOCKED_PORTS).toContain(door.port);
    }
    const connection = await Connection.connect({ address: server.address });
    const { executions } = await connection.workflowService.listWorkflowExecutions({ namespace: 'default' });
    await connection.close();
    expect(executions).toEqual([]);
  });

  it('let the user see the UI, and refuse other names and pages', async () => {
    const door = { host: '127.0.0.1', port: uiPort };
    for (const path of ['/', '/namespaces/default/workflows', '/api/v1/namespaces', '/favicon.ico']) {
      expect(await statusOf({ ...door, path, headers: { host: `localhost:${uiPort}` } })).toBe(200);
      expect(await statusOf({ ...door, path, headers: { host: `rebind.evil.example:${uiPort}` } })).toBe(403);
      expect(await statusOf({ ...door, path, headers: FOREIGN })).toBe(403);
    }
  });
});

describeWith(['temporal'], 'a port that somebody else took first', () => {
  afterAll(end);

  it('does not keep Temporal from starting, with another one', async () => {
    await begin(outrunOnce(sharedTemporal().cli));
    expect(existsSync(join(folder.path, 'outrun.once'))).toBe(true);
    expect(
      await statusOf({ host: '127.0.0.1', port: uiPort, path: '/', headers: { host: `localhost:${uiPort}` } }),
    ).toBe(200);
  });
});

describeWith(['temporal', 'chromium'], 'the address behind the door of the UI', () => {
  let browser: Browser;
  beforeAll(async () => {
    await begin();
    browser = await chromium.launch({ executablePath: findChromium()!, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser?.close();
    await end();
  });

  it('is refused by a browser, whoever asks', async () => {
    const { host, port } = hidden;
    expect(await statusOf({ host, port, path: '/api/v1/namespaces' })).toBe(200);
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${uiPort}/favicon.ico`);
    const asked = (address: string) =>
      page.evaluate((url) => fetch(url, { mode: 'no-cors' }).then((it) => it.type, String), address);
    expect(await asked(`http://127.0.0.1:${uiPort}/api/v1/namespaces`)).toBe('basic');
    expect(await asked(`http://${host}:${port}/api/v1/namespaces`)).toMatch(/TypeError/);
    await expect(page.goto(`http://${host}:${port}/`)).rejects.toThrow(/ERR_UNSAFE_PORT/);
  });
});
