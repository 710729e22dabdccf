import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, findChromium } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { startTestWorker, type TestWorker } from '../worker/testing.ts';

/** Flags under which Chromium runs as root and asks nobody outside for anything. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const chain = Array.from(
  { length: 16 },
  (_, i) =>
    `  s${i}: { uses: kv.set, label: Step ${i}, needs: [${i === 0 ? 'known' : `s${i - 1}`}], with: { key: k${i}, value: value-${i} } }`,
);

/** Twenty nodes, one of them a loop, that end in an approval. */
const GRAPH = `
blok: 1
name: onboard-customer
label: Onboard a customer
nodes:
  known: { uses: kv.get, label: What do we know?, with: { key: customer } }
${chain.join('\n')}
  each:
    uses: forEach
    needs: [s15]
    with: { items: [10, 20] }
    nodes:
      charge: { uses: kv.set, label: Charge, with: { key: "c-\${{ item }}", value: "\${{ item }}" } }
  last_look: { uses: kv.get, needs: [each], with: { key: k0 } }
  ok: { uses: approval, label: Approve the customer, needs: [last_look], with: { title: "All right?", to: ["role:ops"] } }
`;

describeWith(['temporal', 'chromium'], 'a run in the Temporal UI', () => {
  let test: TestWorker;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    test = await startTestWorker();
    browser = await chromium.launch({ executablePath: findChromium()!, args: FLAGS });
    page = await browser.newPage({ viewport: { width: 1_600, height: 2_400 } });
  });
  afterAll(async () => {
    await browser?.close();
    await test.dispose();
  });

  it('is found by workspace and workflow, and reads like the graph', async () => {
    const handle = await test.start(GRAPH);
    await expect
      .poll(async () => ((await handle.query('ask')) as { waits: unknown[] }).waits.length, { timeout: 30_000 })
      .toBe(1);
    const query = encodeURIComponent('BlokWorkspace="default" AND BlokWorkflow="onboard-customer"');
    await page.goto(`${sharedTemporal().uiUrl}/namespaces/default/workflows?query=${query}`);
    await page.getByRole('link', { name: handle.workflowId }).first().click();

    await see('onboard-customer~v1');
    for (const text of [
      'What do we know?',
      'Step 0',
      'Step 15',
      'Charge · each[0].charge',
      'Charge · each[1].charge',
      'last_look',
    ])
      await see(text);
    await see('kv.set');

    // Details of one step: its type, its path as the activity's id, what it was given and what it gave.
    await page.getByText('Step 3', { exact: true }).first().click();
    for (const text of ['s3', 'value-3', 'default/onboard-customer/call']) await see(text);

    await page.getByText('User Metadata').first().click();
    await see('Onboard a customer');
    await page.goto(`${sharedTemporal().uiUrl}/namespaces/default/workflows/${encodeURIComponent(handle.workflowId)}`);
    await page.getByText('Search Attributes').first().click();
    for (const name of ['BlokWorkspace', 'BlokWorkflow', 'BlokVersion', 'BlokTrigger']) await see(name);
    await handle.terminate();
  });

  const see = (text: string) =>
    page.getByText(text, { exact: false }).filter({ visible: true }).first().waitFor({ timeout: 20_000 });
});
