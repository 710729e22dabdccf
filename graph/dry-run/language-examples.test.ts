import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile/index.ts';
import { parseGraph } from '../document/parse.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { type DryRunOptions, type DryRunOutcome, dryRun } from './index.ts';

const documents = readFileSync(new URL('../validate/testing/language-examples.yaml', import.meta.url), 'utf8').split(
  /^---\n/m,
);

/** Runs an example by name. */
function example(name: string, options: Omit<DryRunOptions, 'plan'> = {}): DryRunOutcome {
  const text = documents.find((each) => each.includes(`\nname: ${name}\n`))!;
  const { graph } = parseGraph(text);
  const { plan, problems } = compile(graph!, testCatalogue);
  if (!plan) throw new Error(JSON.stringify(problems));
  return dryRun({ vars: graph!.vars ?? {}, ...options, plan });
}

const ends = ({ steps }: DryRunOutcome) => Object.fromEntries(steps.map(({ path, status }) => [path, status]));
const input = (outcome: DryRunOutcome, path: string) => outcome.steps.find((step) => step.path === path)?.input;

describe('github-router', () => {
  const hook = (event: string) => ({ id: 'hook', uses: 'webhook', key: 'd-1', headers: { 'x-github-event': event } });
  const pins = { deploy: {}, review: {}, audit: {} };

  it('deploys a push to main', () => {
    const outcome = example('github-router', {
      pins,
      trigger: hook('push'),
      input: { ref: 'refs/heads/main', after: 'abc' },
    });
    expect(ends(outcome)).toEqual({
      route: 'succeeded',
      main: 'succeeded',
      review: 'skipped',
      deploy: 'succeeded',
      ignored: 'skipped',
      audit: 'succeeded',
    });
    expect(input(outcome, 'deploy')).toMatchObject({ json: { sha: 'abc' } });
  });

  it('reports a review; ignores the rest, but audits it', () => {
    const pull = { action: 'opened', pull_request: { title: 'T', html_url: 'U' } };
    const review = example('github-router', { pins, trigger: hook('pull_request_review'), input: pull });
    expect(input(review, 'review')).toEqual({ channel: '#reviews', text: 'opened: T U' });
    const star = example('github-router', { pins, trigger: hook('star') });
    expect(input(star, 'ignored')).toEqual({ message: 'nothing to do for star' });
    expect(ends(star)).toMatchObject({ deploy: 'skipped', review: 'skipped', audit: 'succeeded' });
  });
});

describe('enrich-lead', () => {
  const given = { input: { email: 'a@b.c', domain: 'b.c' } };

  it('answers with both, or with what is available', () => {
    const pins = { person: { body: { name: 'Ann' } }, company: { body: { employees: 9 } } };
    expect(example('enrich-lead', { ...given, pins }).response?.valueOf()).toMatchObject({
      body: { name: 'Ann', size: 9, partial: false },
    });
    const failures = { company: { code: 'timeout' } };
    expect(example('enrich-lead', { ...given, pins, failures }).response).toEqual({
      status: 200,
      headers: {},
      body: { name: 'Ann', partial: true },
    });
  });

  it('fails without the person', () => {
    const outcome = example('enrich-lead', {
      ...given,
      pins: { company: {} },
      failures: { person: { code: 'http.404' } },
    });
    expect([outcome.status, outcome.error?.code, outcome.response]).toEqual(['failed', 'http.404', null]);
  });
});

describe('nightly-report', () => {
  it('sends what there is to send and reports what failed', () => {
    const outcome = example('nightly-report', {
      trigger: { id: 'nightly', scheduledAt: '2026-01-01T02:00:00Z' },
      pins: {
        customers: {
          rows: [
            { id: 1, name: 'A', email: 'a@x' },
            { id: 2, name: 'B', email: 'b@x' },
            { id: 3, name: 'C', email: 'c@x' },
          ],
        },
        'each[0].orders': { rows: [{}, {}] },
        'each[1].orders': { rows: [] },
        mail: {},
        summary: {},
      },
      failures: { 'each[2].orders': { code: 'db', message: 'no answer' } },
    });
    expect(outcome.output).toMatchObject({
      sent: 1,
      failed: [{ index: 2, error: { code: 'db', step: 'each[2].orders' } }],
    });
    expect(input(outcome, 'summary')).toMatchObject({
      subject: 'Nightly report: 1 sent, 1 failed of 3',
      text: 'c@x: no answer',
    });
    expect(ends(outcome)).toMatchObject({ 'each[1].mail': 'skipped' });
  });
});

describe('expense-approval', () => {
  const ask = (amount: number, pins: Record<string, unknown>) =>
    example('expense-approval', { input: { amount, by: 'bob@x' }, pins: { pay: {}, refuse: {}, ...pins } });

  it('pays small sums at once', () => {
    const outcome = ask(50, {});
    expect(outcome.output).toEqual({ paid: true });
    expect(ends(outcome)).toMatchObject({ lead: 'skipped', head: 'skipped', refuse: 'skipped', pay: 'succeeded' });
  });

  it('asks the lead, and pays or refuses', () => {
    expect(ask(500, { lead: { decision: 'approved', by: 'lead' } }).output).toEqual({ paid: true, by: 'lead' });
    const refused = ask(500, { lead: { decision: 'rejected', comment: 'too much' } });
    expect(input(refused, 'refuse')).toMatchObject({ text: 'too much' });
    expect(refused.output).toMatchObject({ paid: false });
  });

  it('asks the head after two days, and refuses after five', () => {
    const escalated = ask(500, { head: 'approved' });
    expect(ends(escalated)).toMatchObject({ lead: 'failed', 'head.notify': 'succeeded', pay: 'succeeded' });
    const silent = ask(500, {});
    expect(input(silent, 'refuse')).toMatchObject({ text: 'Nobody decided in time.' });
    expect(silent.steps.find(({ path }) => path === 'refuse')?.startedAt).toBe('2026-01-06T00:00:00.000Z');
  });
});

describe('book-trip', () => {
  const given = { input: { customer: 'c', trip: { flight: {}, hotel: {} } } };
  const pins = {
    flight: { body: { price: 200 } },
    hotel: { body: { price: 100 } },
    charge: { id: 'ch_1' },
    confirm: {},
  };

  it('charges for both', () => {
    const outcome = example('book-trip', { ...given, pins });
    expect(outcome.output).toEqual({ charge: 'ch_1' });
    expect(input(outcome, 'charge')).toMatchObject({ amount: 300, reference: 'dry-run' });
  });

  it('cancels hotel and flight when the charge is refused, the charge too when its outcome is unknown', () => {
    const undone = (unknown: boolean) => {
      const outcome = example('book-trip', { ...given, pins, failures: { charge: { code: 'card', unknown } } });
      expect(outcome.error?.code).toBe('card');
      return outcome.steps.filter(({ path }) => path.endsWith('.compensate')).map(({ path }) => path);
    };
    expect(undone(false)).toEqual(['hotel.compensate', 'flight.compensate']);
    expect(undone(true)).toEqual(['charge.compensate', 'hotel.compensate', 'flight.compensate']);
  });
});

describe('render-and-wait', () => {
  const check = (status: string, more = {}) => ({ body: { status, ...more } });
  const pins = { start: { body: { id: 7 } }, late: {}, ready: {}, check: check('queued') };

  it('polls more and more slowly until it is rendered', () => {
    const outcome = example('render-and-wait', {
      input: { video: 'v' },
      pins: { ...pins, 'poll[3].check': check('done', { url: 'U' }) },
    });
    expect(input(outcome, 'ready')).toMatchObject({ text: 'Ready: U' });
    expect(outcome.steps.find(({ path }) => path === 'poll[3].pause')?.endedAt).toBe('2026-01-01T00:00:15.000Z');
  });

  it('says so when it takes over two hours; fails when rendering fails', () => {
    const late = example('render-and-wait', { input: { video: 'v' }, pins });
    expect(ends(late)).toMatchObject({ poll: 'failed', late: 'succeeded', ready: 'skipped' });
    const broken = { ...pins, 'poll[1].check': check('error', { reason: 'codec' }) };
    expect(example('render-and-wait', { input: { video: 'v' }, pins: broken }).error).toMatchObject({
      code: 'render.failed',
      message: 'codec',
      step: 'poll[1].broken',
    });
  });
});

describe('import-file', () => {
  const pins = { file: { text: 'a' }, rows: [{ id: 1 }], save: { count: 1 }, tell: {}, keep: {}, remove: {} };
  const load = (failures = {}) => example('import-file', { input: { path: 'in.csv' }, pins, failures });

  it('loads, and removes the file', () => {
    const outcome = load();
    expect(input(outcome, 'done')).toEqual({ message: '1 rows, clean' });
    expect(ends(outcome)).toMatchObject({ 'load.finally.remove': 'succeeded' });
  });

  it('keeps a bad file and reports it; lets errors of connections through', () => {
    const bad = load({ save: { code: 'db.constraint', message: 'dup' } });
    expect(input(bad, 'load.catch.tell')).toMatchObject({ text: 'in.csv failed at load.save: dup' });
    expect(input(bad, 'done')).toEqual({ message: '0 rows, rejected' });
    const down = load({ file: { code: 'connection.refused' } });
    expect([down.status, ends(down)['load.finally.remove'], ends(down)['load.catch.tell']]).toEqual([
      'failed',
      'succeeded',
      undefined,
    ]);
  });
});

describe('sol-watch', () => {
  it('tells when the price has moved by the percentage of the variable', () => {
    const at = (usd: number, last: number | null, vars?: { percent: number }) =>
      ends(
        example('sol-watch', {
          pins: { price: { usd }, last: { value: last }, keep: {}, tell: {} },
          ...(vars ? { vars } : {}),
        }),
      ).tell;
    expect([at(150, null), at(150, 149), at(150, 100), at(150, 149, { percent: 0.5 })]).toEqual([
      'succeeded',
      'skipped',
      'succeeded',
      'succeeded',
    ]);
  });

  it('is cut short as one endless run', () => {
    const outcome = example('sol-watch-run', { pins: { price: { usd: 10 }, tell: {} }, maxSteps: 1_000 });
    expect([outcome.status, outcome.error]).toEqual(['running', null]);
    expect(outcome.steps.filter(({ node, status }) => node === 'tell' && status === 'succeeded')).toHaveLength(1);
  });
});

describe('push-orders', () => {
  it('counts what was pushed, shop by shop', () => {
    const outcome = example('push-orders', {
      input: {
        shops: [
          { id: 's1', host: 'a' },
          { id: 's2', host: 'b' },
        ],
      },
      pins: {
        'shops[0].list': { body: [{ n: 1 }, { n: 2 }] },
        'shops[1].list': { body: [] },
        push: { body: { id: 'o' } },
      },
      failures: { 'shops[0].orders[1].push': { code: 'http.422' } },
    });
    expect(outcome.output).toEqual([
      { shop: 's1', pushed: 1, failed: 1 },
      { shop: 's2', pushed: 0, failed: 0 },
    ]);
    expect(input(outcome, 'shops[0].orders[0].push')).toMatchObject({ json: { shop: 's1', order: { n: 1 }, n: 0 } });
  });
});

describe('support-agent', () => {
  it('thinks and acts until it has an answer; the model is told about a failed tool', () => {
    const calls = [
      { id: 'c1', name: 'search', args: { query: 'q' } },
      { id: 'c2', name: 'refund', args: { order: 'o', charge: 'ch' } },
      { id: 'c3', name: 'crmLookup', args: {} },
    ];
    const outcome = example('support-agent', {
      input: { question: 'where is it?' },
      pins: {
        'agent[0].think': { toolCalls: calls, message: { role: 'assistant' }, text: '' },
        'agent[1].think': { toolCalls: [], message: { role: 'assistant' }, text: 'on its way' },
        search: { body: 'found' },
        human: 'rejected',
      },
      failures: { other: { code: 'workflow.failed', message: 'no such customer' } },
    });
    expect([outcome.status, outcome.output]).toEqual(['succeeded', 'on its way']);
    expect(input(outcome, 'agent[1].think')).toMatchObject({
      messages: [
        { role: 'user', content: 'where is it?' },
        { role: 'assistant' },
        { role: 'tool', callId: 'c1', content: 'found' },
        { role: 'tool', callId: 'c2', content: 'refused' },
        { role: 'tool', callId: 'c3', content: 'no such customer' },
      ],
    });
  });
});

describe('order-process', () => {
  const pins = { reserve: {}, mail: {}, ship: {}, release: {} };
  const order = (events: DryRunOptions['events'] = []) =>
    example('order-process', { trigger: { id: 'placed' }, input: { orderId: 5, email: 'a@b' }, pins, events });

  it('ships what is paid', () => {
    const outcome = order([{ name: 'order.paid', key: '5', data: { id: 'p1' } }]);
    expect([outcome.output, ends(outcome).release]).toEqual(['paid', 'skipped']);
    expect(input(outcome, 'ship')).toMatchObject({ json: { order: 5, payment: 'p1' } });
  });

  it('releases what is cancelled, or not paid in three days after a reminder', () => {
    expect(order([{ name: 'order.cancelled', key: '5', data: null }]).output).toBe('cancelled');
    const expired = order([{ name: 'order.paid', key: '6', data: null }]);
    expect([expired.output, ends(expired).release, ends(expired)['outcome.mail']]).toEqual([
      'expired',
      'succeeded',
      'succeeded',
    ]);
    expect(expired.steps.find(({ path }) => path === 'release')?.startedAt).toBe('2026-01-04T00:00:00.000Z');
  });
});

describe('merge-customers', () => {
  it('joins three lists, also without the one that may fail', () => {
    const pins = { crm: { body: [{ email: 'a', n: 1 }] }, erp: { body: [{ mail: 'a', debt: 2 }] } };
    const whole = example('merge-customers', { pins: { ...pins, web: { body: [{ login: 'a', seen: 3 }] } } });
    expect(whole.output).toEqual([{ email: 'a', n: 1, mail: 'a', debt: 2, login: 'a', seen: 3 }]);
    expect(example('merge-customers', { pins, failures: { web: { code: 'x' } } }).output).toEqual([
      { email: 'a', n: 1, mail: 'a', debt: 2 },
    ]);
  });
});

describe('all-invoices', () => {
  it('turns pages until there is no next one', () => {
    const outcome = example('all-invoices', {
      pins: {
        'pages[0].page': { body: { next: 'c1', data: [1, 2] } },
        'pages[1].page': { body: { next: null, data: [3] } },
      },
    });
    expect(outcome.output).toEqual([1, 2, 3]);
    expect(input(outcome, 'pages[0].page')).toMatchObject({ query: { limit: 100 } });
    expect(input(outcome, 'pages[1].page')).toMatchObject({ query: { after: 'c1' } });
  });
});

describe('item-pipeline', () => {
  it('needs no effect at all', () => {
    const person = (name: string, age: number, country: string, ids: number[]) => ({
      name,
      age,
      country,
      orders: ids.map((id) => ({ id, total: id * 10 })),
    });
    const outcome = example('item-pipeline', {
      input: { people: [person('A', 20, 'DE', [1, 2]), person('B', 10, 'DE', [3]), person('C', 30, 'FR', [2, 4])] },
    });
    expect(outcome.output).toEqual([
      { country: 'FR', orders: 2, revenue: 60, names: ['C'] },
      { country: 'DE', orders: 1, revenue: 10, names: ['A'] },
    ]);
  });
});
