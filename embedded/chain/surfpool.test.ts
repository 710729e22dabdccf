import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { cachedSurfpool, surfpool, whyNoSurfpool } from './surfpool.ts';

const folder = temporaryFolder('surfpool');
afterAll(folder.remove);

/** An npm that packs what a test wants, in a folder of its own. */
function fakeNpm(name: string, script: string): NodeJS.ProcessEnv {
  const bin = join(folder.path, name);
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${bin}:${process.env.PATH}`, XDG_CACHE_HOME: join(bin, 'cache') };
}

const get = (env: NodeJS.ProcessEnv) => surfpool({ env, quiet: true });

describe.skipIf(whyNoSurfpool() !== undefined)('getting Surfpool', () => {
  it('takes what is in the cache, and asks no registry', async () => {
    const env = fakeNpm('cached', 'exit 1');
    const path = join(env.XDG_CACHE_HOME!, 'blok', 'surfpool-1.5.0', 'surfpool-sdk.linux-x64-gnu.node');
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
    expect(await get(env)).toBe(path);
  });

  it('says what to do where the registry is not reached', async () => {
    const env = fakeNpm('offline', 'echo "npm error code ENOTFOUND" >&2; exit 1');
    await expect(get(env)).rejects.toThrow(/BLOK_CHAIN asks for .*, but .*\nWhat to do.*\n.*start without BLOK_CHAIN/);
    expect(cachedSurfpool(env)).toBeUndefined();
  });

  it('uses no file whose checksum differs, and leaves nothing behind', async () => {
    const env = fakeNpm('forged', 'printf forged > "$4/x.tgz"');
    await expect(get(env)).rejects.toThrow('its SHA-256 is');
    const cache = join(env.XDG_CACHE_HOME!, 'blok', 'surfpool-1.5.0');
    expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([]);
  });
});
