import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { processFacts } from '../process/identity.ts';
import { until } from '../process/wait.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = temporaryFolder('with-node');
afterAll(folder.remove);

/** A separate project with our launchers, a script to run, and no dependencies. */
const project = join(folder.path, 'project');
const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });

beforeAll(() => {
  mkdirSync(join(project, 'cli'), { recursive: true });
  const boot = join('embedded', 'boot');
  cpSync(join(root, boot), join(project, boot), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  for (const file of ['.npmrc', 'cli/blok.mjs', 'cli/package.json']) cpSync(join(root, file), join(project, file));
  // A script that npm would run after installing, if it ran any.
  const prepare = 'node -e "fs.writeFileSync(`prepared`, ``)"';
  const scripts = { start: 'node embedded/boot/with-node.mjs run.ts', prepare };
  const workspaces = ['cli'];
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'p', type: 'module', private: true, workspaces, scripts }),
  );
  const cli = { name: 'blok-cli', version: '0.1.0', bin: { blok: 'blok.mjs' } };
  const link = { resolved: 'cli', link: true };
  writeFileSync(
    join(project, 'package-lock.json'),
    lock({ '': { name: 'p', workspaces }, cli, 'node_modules/blok-cli': link }),
  );
  const script = `
    const [what, ...rest]: string[] = process.argv.slice(2);
    process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(9); });
    if (what === 'exit') process.exit(Number(rest[0]));
    console.log(process.pid, rest.join());
    if (what === 'wait') setInterval(() => {}, 1000);
  `;
  for (const file of ['run.ts', 'cli/main.ts']) writeFileSync(join(project, file), script);
});

const withNode = (...args: string[]) =>
  spawnSync(process.execPath, ['embedded/boot/with-node.mjs', 'run.ts', ...args], { cwd: project, encoding: 'utf8' });

describe('with-node', () => {
  it('installs what is missing, says so, and is quiet from then on', () => {
    rmSync(join(project, 'node_modules'), { recursive: true, force: true });
    const first = withNode('say', 'a', 'b');
    expect(first.stderr).toMatch(/^Installing dependencies.*Dependencies installed/s);
    expect(first.stdout).toMatch(/^\d+ a,b\n$/);
    const second = withNode('say', 'c');
    expect(second.stderr).toBe('');
    expect(second.stdout).toMatch(/^\d+ c\n$/);
  });

  it('passes the exit code and signals through', async () => {
    expect(withNode('exit', '7').status).toBe(7);
    const child = spawn(process.execPath, ['embedded/boot/with-node.mjs', 'run.ts', 'wait'], { cwd: project });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(9);
  });

  it('says what npm said when the installation fails', () => {
    const broken = join(folder.path, 'broken');
    cpSync(project, broken, { recursive: true });
    rmSync(join(broken, 'node_modules'), { recursive: true, force: true });
    const dependencies = { left: '1.0.0' };
    writeFileSync(join(broken, 'package.json'), JSON.stringify({ name: 'p', type: 'module', dependencies }));
    const result = spawnSync(process.execPath, ['embedded/boot/with-node.mjs', 'run.ts'], {
      cwd: broken,
      encoding: 'utf8',
    });
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/npm ci failed:.*in sync.*Fix it and try again/s);
    expect(result.stderr).not.toMatch(/Usage:|^\s+at /m);
  });

  it('leaves npm to link the CLI, so that npx finds it without a network, and to run no script', () => {
    rmSync(join(project, 'node_modules'), { recursive: true, force: true });
    const npm = spawnSync('npm', ['ci', '--offline'], { cwd: project, encoding: 'utf8' });
    expect(npm.stderr).not.toContain('ERR');
    expect(existsSync(join(project, 'prepared'))).toBe(false);
    const result = spawnSync('npx', ['--offline', 'blok', 'say', 'hello'], { cwd: project, encoding: 'utf8' });
    expect(result.stdout).toMatch(/^\d+ hello\n$/);
  });
});

describeWith(['linux'], 'a script that npm runs', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('is asked to stop when npm gets %s', async (signal) => {
    const npm = spawn('npm', ['--silent', 'start', '--', 'wait'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    npm.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await until(() => /^\d+/.test(output), { withinMs: 20_000 });
    const pid = Number.parseInt(output, 10);
    npm.kill(signal);
    expect(await until(() => !processFacts(pid), { withinMs: 10_000 })).toBe(true);
    await until(() => output.includes('asked to stop'), { withinMs: 5_000 });
    expect(output).toContain('asked to stop');
  });
});
