import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isTooOld, OLDEST_SERVER, SERVER_VERSION } from './server-version.ts';

const at = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

describe('isTooOld', () => {
  it.each(['1.30.9', '1.9.0', '0.99.0', '1.30.0-148.4'])('refuses %s', (version) => {
    expect(isTooOld(version)).toBe(true);
  });

  it.each([OLDEST_SERVER, '1.31.0', '1.32.0-rc1', '1.100.0', '2.0.0', 'unknown'])('takes %s', (version) => {
    expect(isTooOld(version)).toBe(false);
  });
});

describe('the pinned server', () => {
  it.each(['servers/temporal-dev-server/go.mod', 'servers/temporal-server/go.mod'])('is the server in %s', (file) => {
    expect(at(file)).toContain(`go.temporal.io/server v${SERVER_VERSION}`);
  });

  it('is the server in docker-compose.yml', () => {
    const images = at('docker-compose.yml').match(/temporalio\/(?:server|admin-tools):\S+/g);
    expect(images).toEqual([`temporalio/admin-tools:${SERVER_VERSION}`, `temporalio/server:${SERVER_VERSION}`]);
    expect(isTooOld(SERVER_VERSION)).toBe(false);
  });
});
