import type { WorkflowHandle } from '@temporalio/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Runs } from '../api/runs-port.ts';
import { temporalRuns } from '../api/temporal/runs.ts';
import { launchBrowser } from '../scripts/testing/browser.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { idOf, signed, startInputOf } from '../worker/testing/graph-worker.ts';
import { startTestWorker, type TestWorker } from '../worker/testing/worker.ts';
import { TASK_QUEUE } from './contract.ts';

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
  let runs: Runs;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    test = await startTestWorker({ taskQueue: TASK_QUEUE });
    runs = temporalRuns({ address: sharedTemporal().address, namespace: 'default' });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1_600, height: 2_400 } });
    page.setDefaultTimeout(60_000);
  });
  afterAll(async () => {
    await browser?.close();
    await runs?.close();
    await test.dispose();
  });

  it('is found by workspace and workflow, and reads like the graph', async () => {
    const handle = await startAsTheApiDoes();
    await expect
      .poll(async () => ((await handle.query('ask')) as { waits: unknown[] }).waits.length, { timeout: 60_000 })
      .toBe(1);
    const query = encodeURIComponent('BlokWorkspace="default" AND BlokWorkflow="onboard-customer"');
    await page.goto(`${ui()}/workflows?query=${query}`);
    const link = page.getByRole('link', { name: handle.workflowId }).first();
    await see(handle.workflowId);
    // Every check below opens a page by its own address, because a click is lost if the page does not listen yet.
    const run = new URL((await link.getAttribute('href'))!, ui()).href.replace(/\/(history|timeline).*$/, '');

    // The list is paged; the first steps stand at its end.
    await page.goto(`${run}/history?per-page=250`);
    await see('onboard-customer~v1');
    const labels = ['What do we know?', 'Step 0', 'Step 15', 'Charge · each[0].charge', 'last_look'];
    for (const text of [...labels, 'Charge · each[1].charge', 'kv.set']) await see(text);

    // Details of one step: its type, its path as the activity's id, its input and its output.
    await page.goto(`${run}/history/events/${await eventOf(handle, 's3')}`);
    for (const text of ['kv.set', 's3', 'Step 3', 'value-3']) await see(text);

    await page.goto(`${run}/user-metadata`);
    for (const text of ['Onboard a customer', '21 steps ended, 0 ready']) await seeInFrame(text);

    await page.goto(`${run}/search-attributes`);
    for (const name of ['BlokWorkspace', 'BlokWorkflow', 'BlokVersion', 'BlokTrigger']) await see(name);
    await handle.terminate();
  });

  const ui = () => `${sharedTemporal().uiUrl}/namespaces/default`;

  /** Starts a run with what only the API's start sets: the label. */
  async function startAsTheApiDoes(): Promise<WorkflowHandle> {
    const input = startInputOf(GRAPH, test.catalogue);
    const workflowId = idOf(input);
    await runs.start({ workflowId, input: signed(input), label: 'Onboard a customer', bodyHash: 'none' });
    return test.client.workflow.getHandle(workflowId);
  }

  const eventOf = async (handle: WorkflowHandle, activityId: string) => {
    const { events = [] } = await handle.fetchHistory();
    const isIt = (event: (typeof events & object)[number]) =>
      event.activityTaskScheduledEventAttributes?.activityId === activityId;
    return String(events?.find(isIt)?.eventId);
  };

  const see = (text: string) => page.getByText(text, { exact: false }).filter({ visible: true }).first().waitFor();

  /** The UI renders Markdown in separate frames. */
  const seeInFrame = (text: string) =>
    expect
      .poll(
        async () =>
          (
            await Promise.all(
              page
                .frames()
                .slice(1)
                .map((it) => it.locator('body').innerText()),
            )
          ).join('\n'),
        {
          timeout: 60_000,
        },
      )
      .toContain(text);
});
