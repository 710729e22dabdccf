/** What a real browser sends for the pages of strangers, and what the guard makes of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchBrowser } from '../scripts/testing/browser.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { createGuard } from './foreign.ts';
import { ownOrigins } from './own-names.ts';

let browser: Browser;
let page: Page;
let own: { server: Server; port: number };
let stranger: { server: Server; port: number };
/** Requests that were let in. */
let taken: string[];

async function listen(answer: Parameters<typeof createServer>[1]): Promise<{ server: Server; port: number }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** The page of a link of `notify`: a form that posts back to its own address, with the API's referrer policy. */
const FORM = '<form method="post"><button name="decision" value="approved">Approve</button></form>';

/** A script that sends everything a page can send without asking, and shows the server wherever a page can show one. */
const attackOn = (target: string): string => `(async (target) => {
  const quietly = (init) => fetch(target, init).catch(() => undefined);
  await quietly({ method: 'POST', mode: 'no-cors', body: '{}' });
  await quietly({ method: 'POST', mode: 'no-cors' });
  await quietly({ method: 'POST', mode: 'no-cors', body: new URLSearchParams({ decision: 'approved' }) });
  await quietly({ method: 'POST', mode: 'no-cors', body: new Blob([]), referrerPolicy: 'no-referrer' });
  await quietly({ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  await quietly({ method: 'GET', mode: 'no-cors' });
  await quietly({ method: 'HEAD', mode: 'no-cors' });
  navigator.sendBeacon(target, '{}');
  const show = (tag) => new Promise((resolve) => {
    const element = document.createElement(tag);
    element.onload = element.onerror = resolve;
    element.src = target;
    document.body.append(element);
  });
  await Promise.all(['img', 'script', 'iframe'].map(show));
})(${JSON.stringify(target)})`;

describeWith(['chromium'], 'a browser', () => {
  beforeAll(async () => {
    let guard: ReturnType<typeof createGuard> | undefined;
    own = await listen((asked, answer) => {
      guard ??= createGuard({ own: ownOrigins({ port: own.port }), acts: (path) => path.startsWith('/hooks/') });
      const { method = '', url: path = '' } = asked;
      if (path === '/favicon.ico') return answer.writeHead(404).end();
      const refusal = guard({ method, path, header: (name) => asked.headers[name]?.toString() });
      if (refusal !== null) return answer.writeHead(403).end(refusal);
      taken.push(`${method} ${path}`);
      answer.writeHead(200, { 'content-type': 'text/html', 'referrer-policy': 'same-origin' }).end(FORM);
    });
    stranger = await listen((_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello</p>'));
    // The name of a stranger that leads to this machine, as after DNS rebinding.
    browser = await launchBrowser('--host-resolver-rules=MAP evil.example 127.0.0.1');
  });
  afterAll(async () => {
    await browser?.close();
    for (const { server } of [own, stranger]) server?.close();
  });
  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage();
    taken = [];
  });

  const ownUrl = (path: string) => `http://127.0.0.1:${own.port}${path}`;
  // Another port of the same machine, and another host: to a browser the first is "same-site".
  const strangers = [() => `http://127.0.0.1:${stranger.port}/`, () => `http://evil.example:${stranger.port}/`];

  it.each(strangers)('of a stranger’s page reaches nothing', async (url) => {
    await page.goto(url());
    await page.evaluate(attackOn(ownUrl('/attack')));
    expect(taken).toEqual([]);
  });

  it.each(strangers)('sends a form of a stranger’s page, which is refused', async (url) => {
    await page.goto(url());
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      await page.setContent(
        `<form method="post" enctype="${type}" action="${ownUrl('/attack')}"><button name="x" value="y">Go</button></form>`,
      );
      await page.click('button');
      await page.waitForURL('**/attack');
      expect(await page.textContent('body')).toBe('origin');
      await page.goto(url());
    }
    expect(taken).toEqual([]);
  });

  it('of a sandboxed page, whose origin is null, is refused', async () => {
    await page.goto(strangers[0]!());
    await page.setContent(
      `<iframe sandbox="allow-scripts" srcdoc="<script>fetch('${ownUrl('/attack')}', { method: 'POST', mode: 'no-cors' })
        .finally(() => parent.postMessage('done', '*'))</script>"></iframe>
       <script>onmessage = () => document.body.append('finished')</script>`,
    );
    await page.waitForSelector('text=finished');
    expect(taken).toEqual([]);
  });

  it('does not see the server under the name of a stranger', async () => {
    const answer = await page.goto(`http://evil.example:${own.port}/`);
    expect([answer?.status(), await answer?.text()]).toEqual([403, 'host']);
    expect(taken).toEqual([]);
  });

  it('follows a link from a stranger’s page, and the page it leads to works', async () => {
    for (const url of strangers) {
      taken = [];
      await page.goto(url());
      await page.setContent(`<a href="${ownUrl('/link')}">Approve</a>`);
      await page.click('a');
      await page.waitForURL('**/link');
      await page.click('button');
      await expect.poll(() => taken).toEqual(['GET /link', 'POST /link']);
    }
  });

  it('follows a link to what has effects only from the address bar', async () => {
    for (const url of strangers) {
      await page.goto(url());
      for (const link of [
        `<a href="${ownUrl('/hooks/x')}">Go</a>`,
        `<form action="${ownUrl('/hooks/x')}"><button>Go`,
      ]) {
        await page.setContent(link);
        await page.click('text=Go');
        await page.waitForURL('**/hooks/x*');
        expect(await page.textContent('body')).toBe('origin');
        await page.goto(url());
      }
    }
    expect(taken).toEqual([]);
    await page.goto(ownUrl('/hooks/x'));
    expect(taken).toEqual(['GET /hooks/x']);
  });
});
