import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { freshDatabase } from '../../scripts/testing/postgres.ts';
import { ownTemporal, sharedTemporal } from '../../scripts/testing/temporal.ts';
import { identify, isSame } from '../process/identity.ts';
import { freePort, isFree } from '../process/ports.ts';
import {
  gone,
  type Installation,
  newInstallation,
  runStart,
  type ServerName,
  type StartedProcess,
} from './testing/run-start.ts';

let installation: Installation;
let started: StartedProcess[];

beforeEach(async () => {
  installation = await newInstallation();
  started = [];
});

afterEach(async () => {
  for (const { signal, exitCode } of started) {
    signal('SIGTERM');
    await exitCode;
  }
  installation.dispose();
});

function begin(env: Record<string, string> = {}, where = installation): StartedProcess {
  const process_ = runStart(where, { TEMPORAL_CLI_PATH: sharedTemporal().cli, ...env });
  started.push(process_);
  return process_;
}

async function ready(env: Record<string, string> = {}, where = installation): Promise<StartedProcess> {
  const process_ = begin(env, where);
  await process_.says('Blok is ready');
  return process_;
}

const api = () => `http://127.0.0.1:${installation.env.PORT}/api/health/ready`;
const SERVERS: readonly ServerName[] = ['Postgres', 'Temporal', 'Blok'];

describeWith(['temporal'], 'npm start', () => {
  it('prints the addresses and the next command, and stops everything on SIGTERM', async () => {
    const blok = await ready();
    expect(blok.output()).toContain(`http://127.0.0.1:${installation.env.PORT}`);
    expect(blok.output()).toContain(`http://127.0.0.1:${installation.env.TEMPORAL_UI_PORT}`);
    expect(blok.output()).toContain(`http://127.0.0.1:${installation.env.PLAYGROUND_PORT}/playground`);
    expect(blok.output()).toMatch(/npx blok run \S+/);
    const servers = SERVERS.map(blok.server);
    const asked = Date.now();
    blok.signal('SIGTERM');
    expect(await blok.exitCode).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(servers.filter(isSame)).toEqual([]);
    for (const name of ['PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT']) {
      expect(await isFree(Number(installation.env[name]))).toBe(true);
    }
  });

  it.each(SERVERS)('starts %s again when it was killed, and says so', async (name) => {
    const blok = await ready();
    const before = blok.server(name);
    process.kill(before.pid, 'SIGKILL');
    await blok.says(`${name} ended (killed by SIGKILL)`);
    await blok.says(`${name} is back`);
    expect(blok.server(name).pid).not.toBe(before.pid);
    expect((await fetch(api())).status).toBe(200);
  });

  it('starts again after a kill -9 of itself, and nothing outlives that', async () => {
    const first = await ready();
    const servers = SERVERS.map(first.server);
    first.signal('SIGKILL');
    await first.exitCode;
    const second = await ready();
    for (const server of servers) expect(await gone(server)).toBe(true);
    expect((await fetch(api())).status).toBe(200);
    expect(SERVERS.map(second.server).every(isSame)).toBe(true);
  });

  it('ends an orphan it has noted, and leaves a stranger with a reused pid alone', async () => {
    const orphan = spawn('sleep', ['600']);
    const stranger = spawn('sleep', ['600']);
    try {
      const run = join(installation.home, 'run');
      mkdirSync(run, { recursive: true });
      const note = { name: 'Temporal', stopSignal: 'SIGTERM', ...identify(orphan.pid!) };
      writeFileSync(join(run, 'temporal.process.json'), JSON.stringify(note));
      const reused = { name: 'Blok', stopSignal: 'SIGTERM', pid: stranger.pid, began: 'long ago' };
      writeFileSync(join(run, 'blok.process.json'), JSON.stringify(reused));
      writeFileSync(join(run, 'start.lock'), JSON.stringify({ pid: stranger.pid, began: 'long ago', url: 'x' }));
      const blok = await ready();
      expect(blok.output()).toContain('Temporal of an earlier start was still running');
      expect(identify(orphan.pid!)).toBeUndefined();
      expect(identify(stranger.pid!)).toBeDefined();
    } finally {
      orphan.kill('SIGKILL');
      stranger.kill('SIGKILL');
    }
  });

  it('starts although the pid in a stale postmaster.pid is somebody else by now', async () => {
    const first = await ready();
    const postgres = first.server('Postgres');
    const pidFile = join(installation.home, 'postgres', 'data', 'postmaster.pid');
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    first.signal('SIGKILL');
    await gone(postgres);
    writeFileSync(pidFile, [process.pid, ...lines.slice(1)].join('\n'));
    await ready();
  });

  it('names a taken port, who has it, and the variable that moves it', async () => {
    const server = createServer().listen(Number(installation.env.PORT), '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const blok = begin();
    expect(await blok.exitCode).toBe(1);
    expect(blok.output()).toContain(`Port ${installation.env.PORT} (the API) is taken`);
    if (process.platform === 'linux') expect(blok.output()).toContain(`pid ${process.pid}`);
    expect(blok.output()).toMatch(/ PORT=\d+ npm start/);
    server.close();
  });

  it('runs beside another one, and refuses to share its data folder', async () => {
    const other = await newInstallation();
    try {
      await ready();
      const second = await ready({}, other);
      const third = begin({ BLOK_HOME: installation.home }, other);
      expect(await third.exitCode).toBe(1);
      expect(third.output()).toMatch(/already runs on this data folder \(pid \d+/);
      expect((await fetch(api())).status).toBe(200);
      second.signal('SIGTERM');
      expect(await second.exitCode).toBe(0);
    } finally {
      other.dispose();
    }
  });

  it('waits for an earlier one that is stopping', async () => {
    const first = await ready();
    first.signal('SIGTERM');
    await first.says('Stopping');
    await ready();
    expect(await first.exitCode).toBe(0);
  });
});

describeWith(['temporal'], 'npm start with servers of the user', () => {
  it('starts neither Postgres nor Temporal, and prepares what it is given', async () => {
    const database = await freshDatabase();
    const own = await ownTemporal();
    try {
      const blok = await ready({ DATABASE_URL: database.url, TEMPORAL_ADDRESS: own.address });
      expect(blok.output()).not.toMatch(/^(Postgres|Temporal) /m);
      expect(await isFree(Number(installation.env.POSTGRES_PORT))).toBe(true);
      expect(await isFree(Number(installation.env.TEMPORAL_PORT))).toBe(true);
      blok.signal('SIGTERM');
      expect(await blok.exitCode).toBe(0);
    } finally {
      await own.dispose();
      await database.drop();
    }
  });

  it('says which of them cannot be reached', async () => {
    const nobody = String(await freePort());
    const database = begin({ DATABASE_URL: `postgres://u:hidden@127.0.0.1:${nobody}/d` });
    expect(await database.exitCode).toBe(1);
    expect(database.output()).toMatch(/The database at DATABASE_URL cannot be brought up to date: .*ECONNREFUSED/);
    expect(database.output()).not.toContain('hidden');
    const temporal = begin({ TEMPORAL_ADDRESS: `127.0.0.1:${nobody}` });
    expect(await temporal.exitCode).toBe(1);
    expect(temporal.output()).toContain(`Temporal at 127.0.0.1:${nobody} (TEMPORAL_ADDRESS) cannot be used`);
  });
});

describeWith(['temporal'], 'npm start with something broken', () => {
  it('says what to do about a data folder of Postgres that is broken', async () => {
    const first = await ready();
    first.signal('SIGTERM');
    await first.exitCode;
    writeFileSync(join(installation.home, 'postgres', 'data', 'global', 'pg_control'), 'broken');
    const second = begin();
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toMatch(/If its data is broken, put .*postgres back from a backup, or move it away/);
    expect(second.output()).not.toMatch(/^\s+at /m);
  });

  it('says what to do about a database of Temporal that is broken', async () => {
    mkdirSync(join(installation.home, 'temporal'), { recursive: true });
    writeFileSync(join(installation.home, 'temporal', 'temporal.db'), 'this is no database '.repeat(1000));
    const blok = begin();
    expect(await blok.exitCode).toBe(1);
    expect(blok.output()).toMatch(/If its data is broken, put .*temporal\.db back from a backup, or move it away/);
  });

  it('says what to do about a data folder that cannot be written to', async () => {
    writeFileSync(installation.home, 'a file');
    const blok = begin();
    expect(await blok.exitCode).toBe(1);
    expect(blok.output()).toMatch(/cannot be used: a file is in the way.*set BLOK_HOME/);
    expect(existsSync(installation.home)).toBe(true);
  });

  it('says what to do about a Temporal CLI that is none', async () => {
    const blok = begin({ TEMPORAL_CLI_PATH: process.execPath });
    expect(await blok.exitCode).toBe(1);
    expect(blok.output()).toMatch(/TEMPORAL_CLI_PATH is .*not the Temporal CLI.*Fix it or unset it/);
  });
});

describe('npm start with wrong settings', () => {
  it('names each', async () => {
    const blok = runStart(installation, { PORT: 'abc', TEMPORAL_PORT: '70000', DATABASE_URL: 'mysql://u:hidden@h/d' });
    expect(await blok.exitCode).toBe(1);
    expect(blok.output()).toMatch(/PORT is "abc" and must be a port/);
    expect(blok.output()).toMatch(/TEMPORAL_PORT is "70000" and must be a port/);
    expect(blok.output()).toMatch(/DATABASE_URL must look like postgres:/);
    expect(blok.output()).not.toContain('hidden');
  });
});
