import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { downloadProgram } from './download.ts';
import { SILENT } from './progress.ts';

const folder = temporaryFolder('download');
const name = 'program.tar.gz';
let server: Server;
let from: string;
let sha256: string;

beforeAll(async () => {
  mkdirSync(join(folder.path, 'release'));
  writeFileSync(join(folder.path, 'release', 'program'), 'the program');
  execFileSync('tar', ['-czf', name, '-C', 'release', 'program'], { cwd: folder.path });
  const archive = readFileSync(join(folder.path, name));
  sha256 = createHash('sha256').update(archive).digest('hex');
  server = createServer(({ url }, response) => {
    if (url === `/${name}`) response.end(archive);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  from = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  folder.remove();
});

describe('downloadProgram', () => {
  const output = join(folder.path, 'output');
  const download = (archive: { name: string; sha256: string }, at = from) =>
    downloadProgram({ from: at, archive, member: 'program', output }, SILENT);

  it('does not use an archive whose checksum differs', async () => {
    const wrong = createHash('sha256').update('another').digest('hex');
    await expect(download({ name, sha256: wrong })).rejects.toThrow(
      `${name} is not used: its SHA-256 is ${sha256} and must be ${wrong}`,
    );
    expect(existsSync(output)).toBe(false);
  });

  it('puts the program of an archive in place', async () => {
    await download({ name, sha256 });
    expect(readFileSync(output, 'utf8')).toBe('the program');
  });

  it('says which server did not have the file', async () => {
    await expect(download({ name: 'other.tar.gz', sha256 })).rejects.toThrow('other.tar.gz answered 404');
    await expect(download({ name, sha256 }, 'http://127.0.0.1:1')).rejects.toThrow(/^127\.0\.0\.1:1: /);
  });
});
