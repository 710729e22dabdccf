import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { behind, offeredWalls } from './testing/child.ts';
import { commandFor } from './walls.ts';

/**
 * What still protects the machine after a script has broken out of its realm: our own code, run as the child's program,
 * tries what an attacker would try. A wall that this machine does not offer is reported, not tested.
 */
const run = behind;
const offered = offeredWalls();

let server: Server;
let connections = 0;
beforeAll(async () => {
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

describe(`walls on this machine: ${offered.join(', ')}`, () => {
  it('include at least one', () => {
    expect(offered).toContain('process');
  });
});

describe.each(offered)('the wall "%s"', (wall) => {
  it('keeps files, processes, threads, environment and code from strings away', () => {
    const { stdout } = run(
      wall,
      `const tried = {};
       const attempt = (name, act) => { try { tried[name] = String(act()).slice(0, 80) } catch (error) { tried[name] = 'refused: ' + (error.code ?? error.name) } };
       attempt('read', () => require('node:fs').readFileSync('/etc/passwd'));
       attempt('list', () => require('node:fs').readdirSync('/'));
       attempt('write', () => require('node:fs').writeFileSync('/blok-escape', 'x'));
       attempt('process', () => require('node:child_process').execFileSync('/bin/echo', ['out']));
       attempt('thread', () => new (require('node:worker_threads').Worker)('1', { eval: true }));
       attempt('eval', () => Function('return 1')());
       attempt('wasm', () => WebAssembly.constructor.name);
       tried.env = Object.values(process.env).join();
       console.log(JSON.stringify(tried))`,
    );
    const tried = JSON.parse(stdout) as Record<string, string>;
    for (const name of ['read', 'list', 'write', 'process', 'thread', 'eval', 'wasm'])
      expect(tried[name]).toMatch(/^refused/);
    expect(tried.env).not.toContain('canary');
    expect(existsSync('/blok-escape')).toBe(false);
  });

  it('stops a child that takes too much memory outside its heap', () => {
    const { stdout } = run(
      wall,
      `const held = []; let mib = 0;
       try { for (; mib < 2000; mib += 10) held.push(new Uint8Array(10 << 20).fill(1)) } catch {}
       console.log(mib)`,
    );
    if (process.platform === 'linux') expect(Number(stdout)).toBeLessThan(400);
  });
});

describe('walls of the system', () => {
  it.each(offered.filter((wall) => wall !== 'process'))('"%s" leaves no network', (wall) => {
    const port = (server.address() as AddressInfo).port;
    const { stdout } = run(
      wall,
      `require('node:net').connect(${port}, '127.0.0.1').on('connect', () => { console.log('connected'); process.exit() }).on('error', (e) => console.log(e.code))`,
    );
    expect(stdout.trim()).toMatch(/^E/);
    expect(connections).toBe(0);
  });

  it.each(offered.filter((wall) => wall === 'bwrap'))(
    '"%s" leaves nothing of the file system but the runtime',
    (wall) => {
      // Without the permission model, as if that model had failed too.
      const { file, args } = commandFor(wall, {
        code: `const fs = require('node:fs'); console.log(fs.readdirSync('/').join())`,
        cpuSeconds: 5,
        node: process.execPath,
        givesWay: false,
      });
      const bare = args.filter((arg) => arg !== '--permission');
      const { stdout } = spawnSync(file, bare, {
        cwd: '/',
        env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
        encoding: 'utf8',
      });
      expect(
        stdout
          .trim()
          .split(',')
          .every((name) => ['dev', 'lib', 'lib64', 'node', 'usr', 'nix'].includes(name)),
      ).toBe(true);
    },
  );
});
