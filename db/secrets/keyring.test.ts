import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadKeyring, parseKeyring } from './keyring.ts';
import { mintResumeToken, readResumeToken } from './resume-token.ts';

const folders: string[] = [];
const folder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'blok-keyring-'));
  folders.push(path);
  return path;
};
afterEach(async () => {
  for (const path of folders.splice(0)) await rm(path, { recursive: true });
});

const A = Buffer.alloc(32, 1).toString('base64');
const B = Buffer.alloc(32, 2).toString('hex');

describe('parseKeyring', () => {
  it('reads base64 and hex, the first being current', () => {
    const ring = parseKeyring(`${A}, ${B}\n`);
    expect(ring.byId.size).toBe(2);
    expect([...ring.current.key]).toEqual([...Buffer.alloc(32, 1)]);
  });

  it('refuses other lengths without showing the key', () => {
    expect(() => parseKeyring('c2VjcmV0')).toThrow(/6 bytes, not 32/);
    expect(() => parseKeyring('c2VjcmV0')).not.toThrow(/c2VjcmV0/);
    expect(() => parseKeyring(' ')).toThrow(/empty/);
  });
});

describe('loadKeyring', () => {
  it('makes one key for all callers at once, readable only by its owner', async () => {
    const home = join(await folder(), 'home');
    const rings = await Promise.all(Array.from({ length: 8 }, () => loadKeyring({ home })));
    expect(new Set(rings.map((ring) => ring.current.id)).size).toBe(1);
    expect((await stat(join(home, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect((await loadKeyring({ home })).current.id).toBe(rings[0]!.current.id);
    expect(parseKeyring(await readFile(join(home, 'secret.key'), 'utf8')).current.id).toBe(rings[0]!.current.id);
  });

  it('prefers the given key', async () => {
    expect((await loadKeyring({ secretKey: A, home: '/nowhere' })).current.id).toBe(parseKeyring(A).current.id);
  });
});

describe('resume tokens', () => {
  const claim = { workspace: 'a', runId: 'r1', step: 'each[3].ask', expiresAt: '2026-01-01T00:00:00.000Z' };

  it('are the same for the same claim and survive a key rotation', () => {
    const { token, hash } = mintResumeToken(parseKeyring(A), claim);
    expect(mintResumeToken(parseKeyring(A), claim)).toEqual({ token, hash });
    expect(readResumeToken(parseKeyring(`${B},${A}`), token)).toEqual(claim);
  });

  it('cannot be altered or made under another key', () => {
    const ring = parseKeyring(A);
    const { token } = mintResumeToken(ring, claim);
    const [body, signature] = token.split('.');
    const other = Buffer.from(JSON.stringify(['b', 'r1', 'ask', claim.expiresAt])).toString('base64url');
    expect(readResumeToken(ring, `${other}.${signature}`)).toBeNull();
    expect(readResumeToken(parseKeyring(B), token)).toBeNull();
    for (const bad of ['', '.', body!, `${body}.`, `${body}.AAAA`, `${token}.x`])
      expect(readResumeToken(ring, bad)).toBeNull();
  });
});
