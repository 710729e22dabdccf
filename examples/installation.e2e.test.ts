import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { type KillableBlok, startBlok } from './testing/start-blok.ts';

/** Uses what writes to BLOK_HOME: runs, files, the playground, mail. */
const graph = (world: string) => ({
  blok: 1,
  name: 'everywhere',
  vars: { world },
  nodes: {
    told: { uses: 'http.request', with: { method: 'POST', url: '${{ vars.world }}/effects/told', json: { a: 1 } } },
    filed: { uses: 'file.write', with: { path: 'a.txt', text: 'secret' } },
    kept: { uses: 'kv.set', with: { key: 'k', value: 'secret' } },
    sent: {
      uses: 'email.send',
      connection: 'playground-mail',
      with: { to: 'a@example.com', subject: 'secret', text: 'secret' },
    },
  },
});

let blok: KillableBlok;

beforeAll(async () => {
  // As in an ordinary shell: files are readable by everybody unless their program says otherwise.
  const before = process.umask(0o022);
  blok = await startBlok({ TEMPORAL_CLI_PATH: sharedTemporal().cli }, { cold: true });
  process.umask(before);
});
afterAll(() => blok?.stop());

/** Everything below a folder, links not followed. */
const walk = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...walk(path)] : [path];
  });

async function use(): Promise<void> {
  const answer = await fetch(`${blok.api}/api/runs?wait=60`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ graph: graph(blok.world) }),
  });
  expect(await answer.json()).toMatchObject({ status: 'succeeded' });
}

describeWith(['temporal'], 'an installation on one machine', () => {
  it('keeps BLOK_HOME for its owner, whatever was written when', async () => {
    await use();
    await blok.kill('Temporal');
    await blok.heal('Temporal');
    await use();
    const isRoot = process.getuid?.() === 0;
    const postgresUser = statSync(join(blok.home, 'postgres')).uid;
    const paths = walk(blok.home);
    const names = paths.map((path) => path.slice(blok.home.length + 1));
    for (const name of [
      'temporal/temporal.db-wal',
      'playground.jsonl',
      'logs/blok.log',
      'secret.key',
      'postgres/password',
    ])
      expect(names).toContain(name);
    // Under root, the group of the user that Postgres runs as may pass through; nobody else may.
    expect(statSync(blok.home).mode & 0o777).toBe(isRoot ? 0o710 : 0o700);
    for (const path of paths) {
      const { mode, uid } = lstatSync(path, { throwIfNoEntry: false }) ?? { mode: 0o600, uid: 0 };
      expect([path, (mode & 0o077).toString(8)]).toEqual([path, '0']);
      expect([path, [process.getuid?.(), postgresUser].includes(uid)]).toEqual([path, true]);
    }
  });

  it.runIf(process.getuid?.() === 0)('lets no other user of the machine read it', () => {
    const read = (path: string) =>
      execFileSync('setpriv', ['--reuid', '65533', '--regid', '65533', '--clear-groups', 'cat', path], {
        stdio: 'pipe',
      });
    for (const name of [
      'secret.key',
      'logs/blok.log',
      'temporal/temporal.db',
      'postgres/password',
      'postgres/login-password',
    ])
      expect(() => read(join(blok.home, name))).toThrow(/Permission denied/);
  });

  it.runIf(process.platform !== 'win32')('opens no debugger when its processes are signalled', async () => {
    process.kill(blok.pid('Blok'), 'SIGUSR1');
    // The signal would have been seen long before a run has ended.
    await use();
    expect(readFileSync(join(blok.home, 'logs', 'blok.log'), 'utf8')).not.toContain('Debugger listening');
  });

  it('gives API and worker no password of the administrator of Postgres', async () => {
    const password = (name: string) => readFileSync(join(blok.home, 'postgres', name), 'utf8').trim();
    expect(password('password')).not.toBe(password('login-password'));
    if (process.platform === 'linux') {
      const environment = readFileSync(`/proc/${blok.pid('Blok')}/environ`, 'utf8');
      expect(environment).not.toContain(password('password'));
      expect(environment).toContain(password('login-password'));
    }
    const sql = postgres(
      `postgres://blok_server:${password('login-password')}@127.0.0.1:${blok.env.POSTGRES_PORT}/blok`,
      { max: 1, onnotice: () => {} },
    );
    for (const statement of [
      'create table mine (a int)',
      'select * from pg_authid',
      "copy (select 1) to program 'cat'",
    ])
      await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    await sql.end();
  });
});
