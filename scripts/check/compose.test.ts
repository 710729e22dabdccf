/**
 * This suite runs without a container engine, so it checks what needs none: the files parse, name only what exists,
 * fit together, and give API and worker settings that they know. The layout itself runs in the distributed e2e test.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readEnvironment as readApiEnvironment } from '../../api/config.ts';
import { BLOCKED_PORTS } from '../../embedded/temporal/hidden-address.ts';
import { readEnvironment as readWorkerEnvironment } from '../../worker/config.ts';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const compose = parse(readFileSync(at('docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const { services } = compose;
const dockerfile = readFileSync(at('Dockerfile'), 'utf8');

/** Services that do their work and exit. */
const ONCE = ['temporal-schema', 'migrate'];

/** The values that compose would insert, with stand-ins for the values in .env. */
const STAND_INS: Readonly<Record<string, string>> = {
  BLOK_METRICS_PORT: '9464',
  BLOK_QUEUES: 'main',
  BLOK_KEEP_MONTHS: '12',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
  POSTGRES_PASSWORD: 'secret',
  BLOK_DATABASE_PASSWORD: 'other',
  BLOK_SECRET_KEY: Buffer.alloc(32).toString('base64'),
};

function environmentOf(name: string): Record<string, string> {
  const substitute = (text: string) =>
    text.replaceAll(/\$\{(\w+)(?::-([^}]*))?(?::\?[^}]*)?\}/g, (_, key, fallback) => STAND_INS[key] ?? fallback ?? '');
  return Object.fromEntries(
    Object.entries(services[name]!.environment ?? {}).map(([key, value]) => [key, substitute(String(value))]),
  );
}

describe('docker-compose.yml', () => {
  it('has the parts of the production layout', () => {
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['postgres', 'redis', 'temporal', 'temporal-ui', 'migrate', 'api', 'worker']),
    );
  });

  it('pins every image that is not built here', () => {
    for (const { image } of Object.values(services)) if (image !== 'blok') expect(image).toMatch(/:\d+[\w.-]*$/);
  });

  it('checks the health of every lasting service that others wait for', () => {
    for (const [name, { depends_on = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const what = `${name} waits for ${other}`;
        expect(services[other], what).toBeDefined();
        expect(condition, what).toBe(ONCE.includes(other) ? 'service_completed_successfully' : 'service_healthy');
        if (condition === 'service_healthy') expect(services[other]!.healthcheck, what).toBeDefined();
      }
    }
    for (const name of ['api', 'worker']) {
      expect(services[name]!.healthcheck).toBeDefined();
      expect(services[name]!.depends_on).toHaveProperty('migrate');
    }
  });

  it('gives API and worker settings that they know and accept, and both the same key and database', () => {
    const api = environmentOf('api');
    const worker = environmentOf('worker');
    expect(Object.keys(readApiEnvironment(api))).toEqual(expect.arrayContaining(Object.keys(api)));
    expect(Object.keys(readWorkerEnvironment(worker))).toEqual(expect.arrayContaining(Object.keys(worker)));
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'BLOK_SECRET_KEY']) {
      expect(api[name], name).toBeTruthy();
      expect(worker[name], name).toBe(api[name]);
    }
    expect(api.HOST).toBe('0.0.0.0');
  });

  it('gives the role that may change tables to the migration alone', () => {
    const { DATABASE_URL, MIGRATION_DATABASE_URL } = environmentOf('migrate');
    expect(new URL(DATABASE_URL!).username).not.toBe(new URL(MIGRATION_DATABASE_URL!).username);
    for (const name of ['api', 'worker', 'temporal-ui-door']) {
      const values = Object.values(environmentOf(name)).join(' ');
      expect(values, name).not.toContain(STAND_INS.POSTGRES_PASSWORD);
    }
  });

  it('names hosts that are services, and files that exist', () => {
    const api = environmentOf('api');
    expect(services).toHaveProperty(new URL(api.DATABASE_URL!).hostname);
    expect(services).toHaveProperty(new URL(api.REDIS_URL!).hostname);
    expect(services).toHaveProperty(api.TEMPORAL_ADDRESS!.split(':')[0]!);
    for (const { command = [], healthcheck, volumes = [] } of Object.values(services)) {
      const words = [...command, ...(healthcheck?.test ?? [])].join(' ').split(/\s+/);
      for (const file of words.filter((word) => /^[\w-]+\/.*\.ts$/.test(word)))
        expect(existsSync(at(file)), file).toBe(true);
      for (const volume of volumes) {
        const source = volume.split(':')[0]!;
        if (source.startsWith('./')) expect(statSync(at(source)).isFile(), source).toBe(true);
        else expect(compose.volumes).toHaveProperty(source);
      }
    }
  });

  it('holds no secret and opens ports to this machine only', () => {
    const text = readFileSync(at('docker-compose.yml'), 'utf8');
    for (const [, value] of text.matchAll(/(?:PASSWORD|PWD|SECRET_KEY): (.*)/g)) expect(value).toMatch(/^\$\{\w+:\?/);
    for (const { ports = [] } of Object.values(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('shows the Temporal UI through the door only, and keeps it where no browser goes', () => {
    const [host, port] = environmentOf('temporal-ui-door').TEMPORAL_UI_ADDRESS!.split(':');
    expect(services[host!]!.ports).toBeUndefined();
    expect(environmentOf(host!).TEMPORAL_UI_PORT).toBe(port);
    expect(BLOCKED_PORTS).toContain(Number(port));
    expect(environmentOf('api').TEMPORAL_UI_URL).toBe(environmentOf('temporal-ui-door').TEMPORAL_UI_URL);
  });
});

describe('Dockerfile', () => {
  it('ends up as an ordinary user, and copies only what exists', () => {
    const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(lastStage).toMatch(/\nUSER node\n/);
    for (const [, sources] of dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)) {
      for (const source of sources!.split(' ')) expect(existsSync(at(source)), source).toBe(true);
    }
  });

  it('has servers whose debugger no signal opens', () => {
    expect(dockerfile).toMatch(/NODE_OPTIONS="[^"]*--disable-sigusr1/);
  });

  it('has a Node that runs TypeScript', () => {
    for (const [, major] of dockerfile.matchAll(/^FROM node:(\d+)/gm)) expect(Number(major)).toBeGreaterThanOrEqual(24);
  });
});
