import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, freePorts } from '../process/ports.ts';
import { startUiProxy } from './ui-proxy.ts';

let port: number;
let close: () => void;
let ui: Server;
/** What reached the UI. */
let seen: string[] = [];

beforeAll(async () => {
  ui = createServer((incoming, answer) => {
    let body = '';
    incoming.on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => {
      seen.push(`${incoming.method} ${incoming.url} ${body}`);
      answer.writeHead(201, { 'set-cookie': ['a=1', 'b=2'] }).end(`got ${body}`);
    });
  });
  await new Promise<void>((resolve) => ui.listen(0, '127.0.0.1', resolve));
  port = await freePort();
  const behind = { host: '127.0.0.1', port: (ui.address() as AddressInfo).port };
  close = await startUiProxy({ port, publicUrl: 'https://temporal.example', behind });
});

afterAll(() => {
  close();
  ui.close();
});

interface Asked {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[] | undefined;
}

function ask(headers: Record<string, string>, { method = 'GET', path = '/api/v1/namespaces', body = '' } = {}) {
  seen = [];
  return new Promise<Asked>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: text, cookies: answer.headers['set-cookie'] }),
      );
    });
    outgoing.once('error', reject).end(body);
  });
}

describe('the door to the Temporal UI', () => {
  it('lets the user in, with all of what is asked and answered', async () => {
    const own = { host: `localhost:${port}`, origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' };
    const answer = await ask(own, { method: 'POST', path: '/api/v1/a%2Fb?c=%20', body: '{"d":1}' });
    expect(answer).toEqual({ status: 201, body: 'got {"d":1}', cookies: ['a=1', 'b=2'] });
    expect(seen).toEqual(['POST /api/v1/a%2Fb?c=%20 {"d":1}']);
  });

  it('answers to its public address', async () => {
    expect((await ask({ host: 'temporal.example' })).status).toBe(201);
  });

  it.each([
    ['a name that a hostile DNS points here', { host: 'rebind.evil.example' }, /TEMPORAL_UI_URL/],
    ['the page of another site', { origin: 'http://evil.example' }, /another site/],
    ['an image on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, /another site/],
  ])('refuses %s', async (_, headers, why) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const answer = await ask({ host: `127.0.0.1:${port}`, ...headers }, { method });
      expect(answer.status).toBe(403);
      expect(answer.body).toMatch(why);
      expect(seen).toEqual([]);
    }
  });

  it('refuses a foreign host also in an address that is written out', async () => {
    expect((await ask({ host: 'evil.example' }, { path: `http://127.0.0.1:${port}/api/v1/namespaces` })).status).toBe(
      403,
    );
  });

  it('says so while there is no UI behind it', async () => {
    const [other, nobody] = (await freePorts(2)) as [number, number];
    const closeOther = await startUiProxy({ port: other, behind: { host: '127.0.0.1', port: nobody } });
    const answer = await fetch(`http://127.0.0.1:${other}/`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('try again');
    closeOther();
  });
});
