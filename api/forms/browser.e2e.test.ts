/** Forms and approval pages in a real browser, with scripts and without. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getTrigger, mintResumeToken, saveResumeToken, triggerToken } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import type { Json } from '../../graph/json.ts';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import type { WaitRecord } from '../../workflows/contract.ts';
import { graphOf, KEYRING, useApi } from '../testing/api.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const api = useApi();
let browser: Browser;
let server: Server;

const input = {
  type: 'object',
  required: ['name', 'size', 'cv', 'lines', 'days'],
  properties: {
    name: { type: 'string', title: 'Name', description: 'As on the parcel.' },
    mail: { type: 'string', format: 'email', title: 'Mail' },
    note: { type: 'string', maxLength: 1000, title: 'Note', default: 'Ring twice' },
    count: { type: 'integer', title: 'Count', maximum: 9 },
    price: { type: 'number', title: 'Price' },
    fast: { type: 'boolean', title: 'Fast' },
    colour: { enum: ['red', 'blue'], title: 'Colour' },
    size: {
      oneOf: [
        { const: 's', title: 'Small' },
        { const: 'm', title: 'Medium' },
      ],
      title: 'Size',
    },
    on: { type: 'string', format: 'date', title: 'Day' },
    at: { type: 'string', format: 'date-time', title: 'Moment' },
    hour: { type: 'string', format: 'time', title: 'Hour' },
    site: { type: 'string', format: 'uri', title: 'Web address' },
    tags: { type: 'array', items: { type: 'string' }, title: 'Tags' },
    extras: { type: 'array', items: { enum: ['gift', 'insured'] }, title: 'Extras' },
    days: { type: 'array', minItems: 1, items: { enum: ['mon', 'tue'] }, title: 'Days', description: 'At least one.' },
    weights: { type: 'array', items: { type: 'number' }, title: 'Weights' },
    cv: { type: 'object', format: 'file', title: 'Document' },
    photos: { type: 'array', items: { type: 'object', format: 'file' }, title: 'Photos' },
    address: { type: 'object', title: 'Address', properties: { city: { type: 'string', title: 'City' } } },
    lines: {
      type: 'array',
      title: 'Lines',
      items: { type: 'object', properties: { what: { type: 'string', title: 'What' } } },
    },
    free: { type: 'object', additionalProperties: { type: 'number' }, title: 'Free' },
  },
};

/** Publishes a workflow that only computes, with a form. @returns the form's address */
async function formOf(name: string): Promise<string> {
  const nodes = { made: { uses: 'set', with: { value: '${{ input }}' } } };
  const triggers = { ask: { uses: 'form', with: { title: 'Order', description: 'Tell us what you need.' } } };
  const output = {
    name: '${{ nodes.made.name }}',
    size: '${{ nodes.made.size }}',
    lines: '${{ nodes.made.lines.length }}',
  };
  const graph = { blok: 1, name, input, triggers, nodes, output };
  expect((await api.put(`/api/workflows/${name}`, graph)).status).toBe(201);
  return api.store.inside(async (tx) => {
    const row = (await getTrigger(tx, { workflow: name, id: 'ask' }))!;
    return `http://blok.test/forms/${await triggerToken(tx, KEYRING, { ...row, tokenKey: row.tokenKey! })}`;
  });
}

async function fill(page: Page): Promise<void> {
  await page.getByLabel('Name').fill('Ann');
  await page.getByLabel('Mail').fill('ann@blok.test');
  await page.getByLabel('Count').fill('3');
  await page.getByLabel('Price').fill('-7.25');
  await page.getByLabel('Fast').check();
  await page.getByLabel('Colour').selectOption('blue');
  await page.getByLabel('Size').selectOption('Medium');
  await page.getByLabel('Day').fill('2026-02-01');
  await page.getByLabel('Moment').fill('2026-02-01T18:30');
  await page.getByLabel('Hour').fill('07:05');
  await page.getByLabel('Web address').fill('https://blok.test/x');
  await page.getByLabel('Tags').fill('a\nb');
  await page.getByLabel('tue').check();
  await page.getByLabel('Weights').fill('1\n2.5');
  await page.getByLabel('insured').check();
  await page.getByLabel('City').fill('Bern');
  await page.getByLabel('Free').fill('{ "x": 1.5 }');
  await page.getByLabel('What').first().fill('pen');
  await page.getByRole('button', { name: 'Add another: Lines' }).click();
  await page.getByLabel('What').nth(1).fill('ink');
}

const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
async function choose(page: Page): Promise<void> {
  await page.getByLabel('Document').setInputFiles(file('cv.txt', 'hello'));
  await page.getByLabel('Photos').setInputFiles([file('a.txt', 'a'), file('b.txt', 'bb')]);
}

/** What axe finds that keeps people out. */
async function barriers(page: Page): Promise<Json> {
  await page.evaluate(AXE);
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes[0].html]))`,
  );
}

const newPage = async (scripts: boolean) => (await browser.newContext({ javaScriptEnabled: scripts })).newPage();

describeWith(['chromium'], 'in a browser', () => {
  beforeAll(async () => {
    server = createServer(getRequestListener((request) => api.app().fetch(request), { hostname: 'blok.test' }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    browser = await launchBrowser(`--host-resolver-rules=MAP blok.test 127.0.0.1:${port}`);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it.each([
    ['with scripts', true],
    ['without scripts', false],
  ])('a form with every kind of field starts a run and shows its result, %s', async (_, scripts) => {
    const name = scripts ? 'scripted' : 'plain';
    const address = await formOf(name);
    const page = await newPage(scripts);
    await page.goto(address);
    if (scripts) expect(await barriers(page)).toEqual([]);
    await fill(page);
    await choose(page);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    expect(await page.locator('dl').innerText()).toMatch(/name\s+Ann\s+size\s+m\s+lines\s+2/);
    if (scripts) expect(await barriers(page)).toEqual([]);
    const { items } = (await api.get(`/api/runs?workflow=${name}`)).body;
    expect(items).toHaveLength(1);
    expect((await api.get(`/api/runs/${items[0].id}`)).body.input).toEqual({
      ...{ name: 'Ann', mail: 'ann@blok.test', note: 'Ring twice', count: 3, fast: true, size: 'm', on: '2026-02-01' },
      ...{
        price: -7.25,
        colour: 'blue',
        hour: '07:05:00Z',
        site: 'https://blok.test/x',
        days: ['tue'],
        weights: [1, 2.5],
      },
      ...{
        at: '2026-02-01T18:30:00Z',
        tags: ['a', 'b'],
        extras: ['insured'],
        address: { city: 'Bern' },
        free: { x: 1.5 },
      },
      cv: { sha256: expect.any(String), size: 5, name: 'cv.txt', contentType: 'text/plain' },
      photos: [
        { sha256: expect.any(String), size: 1, name: 'a.txt', contentType: 'text/plain' },
        { sha256: expect.any(String), size: 2, name: 'b.txt', contentType: 'text/plain' },
      ],
      lines: [{ what: 'pen' }, { what: 'ink' }],
    });
    await page.reload();
    expect((await api.get(`/api/runs?workflow=${name}`)).body.items).toHaveLength(1);
    await page.context().close();
  });

  it.each([
    ['with scripts', true],
    ['without scripts', false],
  ])('errors stand beside their fields, and what was filled in stays, %s', async (_, scripts) => {
    const page = await newPage(scripts);
    await page.goto(await formOf(scripts ? 'wrong' : 'wrong-plain'));
    await fill(page);
    await page.getByLabel('Name').fill('');
    await page.getByLabel('Count').fill('many');
    await page.getByLabel('Mail').fill('ann');
    await page.getByLabel('Price').fill('1,5 EUR');
    await page.getByLabel('Web address').fill('blok');
    await page.getByLabel('Weights').fill('1\nheavy');
    await page.getByLabel('Free').fill('{ x }');
    await page.getByLabel('tue').uncheck();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').waitFor();
    for (const [label, words] of [
      ['Name', 'Fill this in.'],
      ['Count', 'Write a number'],
      ['Mail', 'Write an e-mail address'],
      ['Document', 'Choose a file.'],
      ['Price', 'Write a number'],
      ['Web address', 'Write an address'],
      ['Weights', 'number'],
      ['Free', 'JSON'],
    ] as const) {
      const control = page.getByLabel(label);
      expect(await control.getAttribute('aria-invalid')).toBe('true');
      const field = page.locator('.field', { has: control });
      expect(await field.locator('.error').innerText()).toContain(words);
    }
    // A group of boxes has its error and its help, and a screen reader reads both with it.
    const days = page.getByRole('group', { name: 'Days' });
    expect(await days.locator('.error').count()).toBe(1);
    const notes = (await days.getAttribute('aria-describedby'))!
      .split(' ')
      .map((id) => page.locator(`[id="${id}"]`).innerText());
    expect((await Promise.all(notes))[0]).toBe('At least one.');
    expect(notes).toHaveLength(2);
    expect(await page.getByLabel('Count').inputValue()).toBe('many');
    expect(await page.getByLabel('What').nth(1).inputValue()).toBe('ink');
    if (scripts) expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Name').fill('Ann');
    await page.getByLabel('Count').fill('1');
    await page.getByLabel('Mail').fill('');
    await page.getByLabel('Price').fill('1.5');
    await page.getByLabel('Web address').fill('');
    await page.getByLabel('Weights').fill('1');
    await page.getByLabel('Free').fill('{}');
    await page.getByLabel('mon').check();
    await choose(page);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    await page.context().close();
  });

  it.each([
    ['with scripts', true],
    ['without scripts', false],
  ])(
    'a link decides its approval once, with the values of its form, and looking at it decides nothing, %s',
    async (_, scripts) => {
      const { body } = await api.post('/api/runs', { graph: graphOf('approving'), input: { n: 1 } });
      const run = api.runs().last();
      const form = { type: 'object', required: ['limit'], properties: { limit: { type: 'number', title: 'Limit' } } };
      const wait = {
        step: 'ask',
        kind: 'approval',
        since: '2026-01-01T00:00:00.000Z',
        until: null,
        key: null,
      } as WaitRecord;
      const waits = [{ ...wait, detail: { title: 'Pay it?', form } }];
      const { workflowId } = run.start;
      await api.record(runRecord({ runId: body.id, workflowId, historyLength: 5, status: 'waiting', waits }));
      const claim = { workspace: 'a', runId: body.id as string, step: 'ask', expiresAt: '2999-01-01T00:00:00.000Z' };
      const { token, hash } = mintResumeToken(KEYRING, claim);
      await api.store.inside((tx) => saveResumeToken(tx, { ...claim, hash }));
      const page = await newPage(scripts);
      const other = await page.context().newPage();
      for (const one of [other, page]) await one.goto(`http://blok.test/api/resume/${token}`);
      if (scripts) expect(await barriers(page)).toEqual([]);
      await page.getByLabel('Limit').fill('much');
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByText('Write a number').first().waitFor();
      expect(run.approvals).toEqual([]);
      await page.getByLabel('Limit').fill('7.5');
      await page.getByLabel('Comment').fill('fine');
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByRole('heading', { name: 'Thank you' }).waitFor();
      expect(run.approvals).toMatchObject([
        { decision: 'approved', values: { limit: 7.5 }, comment: 'fine', by: 'link' },
      ]);
      // Another person has had the same page open all the time.
      await other.getByLabel('Limit').fill('1');
      await other.getByRole('button', { name: 'Reject' }).click();
      await other.getByText('used already').first().waitFor();
      if (scripts) expect(await barriers(other)).toEqual([]);
      await page.goto(`http://blok.test/api/resume/${token}`);
      expect(await page.locator('body').innerText()).toContain('used already');
      expect(run.approvals).toHaveLength(1);
      await page.context().close();
    },
  );
});
