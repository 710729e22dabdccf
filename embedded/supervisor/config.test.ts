import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { portsOf, readConfig } from './config.ts';

const root = join('/', 'project');

describe('readConfig', () => {
  it('needs nothing: everything embedded, in the project', () => {
    expect(readConfig({}, root)).toEqual({
      home: join(root, '.blok'),
      host: '127.0.0.1',
      port: 4400,
      publicUrl: 'http://localhost:4400',
      postgres: { port: 5544 },
      temporal: { port: 7233, uiPort: 8233, uiUrl: 'http://localhost:8233' },
      playground: { port: 4410 },
      chain: null,
    });
  });

  it('has a chain for whoever asks: an own one beside the API, or one that is there', () => {
    expect(readConfig({ BLOK_CHAIN: '1' }, root).chain).toEqual({ port: 4411 });
    expect(readConfig({ BLOK_CHAIN: '1', CHAIN_PORT: '8899' }, root).chain).toEqual({ port: 8899 });
    expect(readConfig({ BLOK_CHAIN: '0' }, root).chain).toBeNull();
    const urls = ['http://127.0.0.1:8899', 'http://127.0.0.1:8900/'];
    const other = readConfig({ PLAYGROUND_CHAIN_URL: urls.join(',') }, root);
    expect(other.chain).toEqual({ urls });
    expect(portsOf(other).map(({ variable }) => variable)).not.toContain('CHAIN_PORT');
  });

  it('puts the playground beside the API, or uses one that is there', () => {
    expect(readConfig({ PORT: '4500' }, root).playground).toEqual({ port: 4510 });
    expect(readConfig({ PORT: '65530' }, root).playground).toEqual({ port: 65_520 });
    expect(readConfig({ PORT: '4500', PLAYGROUND_PORT: '80' }, root).playground).toEqual({ port: 80 });
    const url = 'http://127.0.0.1:4490/playground';
    const other = readConfig({ PLAYGROUND_URL: url, PLAYGROUND_SMTP_PORT: '4491' }, root);
    expect(other.playground).toEqual({ url, mailPort: 4491 });
    expect(portsOf(other).map(({ variable }) => variable)).not.toContain('PLAYGROUND_PORT');
  });

  it('accepts the user’s own servers, one or both', () => {
    const DATABASE_URL = 'postgres://u:p@db:5432/blok';
    const own = readConfig({ DATABASE_URL }, root);
    expect(own.postgres).toEqual({ url: DATABASE_URL });
    expect(portsOf(own).map(({ variable }) => variable)).toEqual([
      'PORT',
      'TEMPORAL_PORT',
      'TEMPORAL_UI_PORT',
      'PLAYGROUND_PORT',
    ]);
    const cloud = readConfig({ TEMPORAL_ADDRESS: 'x.tmprl.cloud:7233', TEMPORAL_NAMESPACE: 'x' }, root);
    expect(cloud.temporal).toEqual({ address: 'x.tmprl.cloud:7233', namespace: 'x' });
    expect(portsOf(cloud).map(({ variable }) => variable)).toEqual(['PORT', 'POSTGRES_PORT', 'PLAYGROUND_PORT']);
  });

  it('treats empty variables as not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '', TEMPORAL_ADDRESS: ' ', BLOK_HOME: '' }, root)).toEqual(
      readConfig({}, root),
    );
  });

  it.each([
    [{ PORT: 'abc' }, /PORT is "abc" and must be a port/],
    [{ TEMPORAL_UI_PORT: '0' }, /TEMPORAL_UI_PORT is "0" and must be a port/],
    [{ TEMPORAL_ADDRESS: 'https://host' }, /TEMPORAL_ADDRESS is "https:\/\/host" and must look like host:7233/],
    [{ DATABASE_URL: 'db:5432' }, /DATABASE_URL must look like postgres:/],
    [{ BLOK_PUBLIC_URL: 'blok.example' }, /BLOK_PUBLIC_URL is "blok\.example" and must be an address/],
    [{ TEMPORAL_UI_URL: 'temporal.example' }, /TEMPORAL_UI_URL is "temporal\.example" and must be an address/],
    [{ PORT: '7233' }, /PORT and TEMPORAL_PORT are both 7233/],
    [{ PORT: '8223' }, /TEMPORAL_UI_PORT and PLAYGROUND_PORT are both 8233/],
    [{ BLOK_CHAIN: 'yes' }, /BLOK_CHAIN is "yes" and must be 1, or not be set/],
    [{ PLAYGROUND_CHAIN_URL: 'http://a,b' }, /PLAYGROUND_CHAIN_URL is "http:\/\/a,b" and must be addresses/],
    [{ PLAYGROUND_PORT: 'x' }, /PLAYGROUND_PORT is "x" and must be a port/],
    [{ PLAYGROUND_URL: '127.0.0.1:4490' }, /PLAYGROUND_URL is "127\.0\.0\.1:4490" and must look like/],
  ])('refuses %o', (env, message) => {
    expect(() => readConfig(env, root)).toThrow(message);
  });

  it('does not repeat a password', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://u:hidden@h' }, root)).toThrow(/^((?!hidden).)*$/s);
  });
});
