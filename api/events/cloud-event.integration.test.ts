import { describe, expect, it } from 'vitest';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

/** The event of the specification's own example, with a type and an id of its own for each test. */
const example = (type: string, change: object = {}) => ({
  specversion: '1.0',
  type,
  source: 'https://github.com/cloudevents/spec/pull',
  subject: '123',
  id: `A234-1234-1234-${type}`,
  time: '2018-04-05T17:31:00Z',
  comexampleextension1: 'value',
  comexampleothervalue: 5,
  datacontenttype: 'application/json',
  data: { n: 1 },
  ...change,
});
const structured = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
const binary = (type: string, headers: Record<string, string> = {}): Record<string, string> => ({
  ...{ 'ce-specversion': '1.0', 'ce-type': type, 'ce-source': '/mycontext', 'ce-id': `b-${type}` },
  ...{ 'content-type': 'application/json', ...headers },
});
const listening = async (name: string, event: string) =>
  api.put(`/api/workflows/${name}`, graphOf(name, { triggers: { on: { uses: 'event', with: { event } } } }));
const triggersOf = (workflow: string) =>
  [...api.runs().all.values()]
    .filter(({ start }) => start.input.workflow === workflow)
    .map(({ start }) => start.input.trigger);

describe('a CloudEvent', () => {
  it('in structured mode is an event: its type is the name, its subject the key', async () => {
    await listening('pulls', 'com.github.pull.create');
    const sent = await api.post('/api/events', example('com.github.pull.create'), structured);
    expect([sent.status, sent.body.triggers]).toMatchObject([202, [{ workflow: 'pulls', outcome: 'started' }]]);
    expect(triggersOf('pulls')).toMatchObject([
      {
        ...{ uses: 'event', event: 'com.github.pull.create', subject: '123', data: { n: 1 } },
        ...{ source: 'https://github.com/cloudevents/spec/pull' },
      },
    ]);
  });

  it('in binary mode is the same event', async () => {
    await listening('binaries', 'com.example.someevent');
    const headers = binary('com.example.someevent', {
      'ce-subject': '"na%C3%AFve \\"x\\""',
      'ce-time': '2018-04-05T03:56:24+02:00',
    });
    expect((await api.post('/api/events', { n: 2 }, headers)).status).toBe(202);
    expect(triggersOf('binaries')).toMatchObject([{ subject: 'naïve "x"', data: { n: 2 }, source: '/mycontext' }]);
  });

  it('is known by its source and id, in either mode', async () => {
    await listening('known', 'known');
    const event = example('known', { source: '/mycontext', id: 'b-known', subject: undefined });
    const first = await api.post('/api/events', event, structured);
    const again = await api.post('/api/events', { n: 1 }, binary('known'));
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect((await api.post('/api/events', { ...event, source: '/other' }, structured)).status).toBe(202);
    expect(triggersOf('known')).toHaveLength(2);
    expect((await api.post('/api/events', { ...event, data: 2 }, structured)).body.code).toBe('idempotency.mismatch');
    const long = { ...event, source: `/${'é'.repeat(1000)}` };
    for (const _ of [1, 2]) expect((await api.post('/api/events', long, structured)).status).toBe(202);
    expect(triggersOf('known')).toHaveLength(3);
  });

  it.each([
    ['JSON', { datacontenttype: 'application/vnd.x+json', data_base64: 'eyJhIjoxfQ==', data: undefined }, { a: 1 }],
    ['text', { datacontenttype: 'text/plain; charset=utf-8', data_base64: 'aMOp', data: undefined }, 'hé'],
    ['bytes', { datacontenttype: undefined, data_base64: '/wA=', data: undefined }, '/wA='],
    ['XML in a text', { datacontenttype: 'application/xml', data: '<a/>' }, '<a/>'],
    ['none', { data: undefined }, null],
    ['null attributes', { subject: null, time: null, data: 4 }, 4],
  ])('has data by its content type: %s', async (name, change, data) => {
    const workflow = `data-${name.toLowerCase().replaceAll(' ', '-')}`;
    await listening(workflow, workflow);
    expect((await api.post('/api/events', example(workflow, change), structured)).status).toBe(202);
    expect(triggersOf(workflow)).toMatchObject([{ data }]);
  });

  it.each([
    ['text', { 'content-type': 'text/csv' }, 'a,b', 'a,b'],
    ['bytes', { 'content-type': 'application/octet-stream' }, 'ab', 'YWI='],
  ])('in binary mode has data by its content type: %s', async (name, headers, body, data) => {
    await listening(`bin-${name}`, `bin-${name}`);
    expect((await api.post('/api/events', body, binary(`bin-${name}`, headers))).status).toBe(202);
    expect(triggersOf(`bin-${name}`)).toMatchObject([{ data }]);
  });

  it.each([
    [example('bad', { specversion: '0.3' }), 'body/specversion: must be "1.0"'],
    [example('bad', { specversion: undefined }), 'body/specversion: is missing'],
    [example('bad', { id: undefined }), 'body/id: is missing'],
    [example('bad', { id: '' }), 'body/id'],
    [example('bad', { id: 7 }), 'body/id'],
    [example('bad', { source: undefined }), 'body/source: is missing'],
    [example('bad', { type: undefined }), 'body/type: is missing'],
    [example('bad', { time: 'yesterday' }), 'body/time: must be a time of RFC 3339'],
    [example('bad', { data_base64: 'AA==' }), 'both data and data_base64'],
    [example('bad', { data: undefined, data_base64: 'x' }), 'body/data_base64: must be Base64'],
    [example('bad', { data: undefined, data_base64: 'eyJ9', datacontenttype: 'application/json' }), 'not JSON'],
    [[example('bad')], 'must be a CloudEvent'],
    ['{', 'not JSON'],
    ['{"specversion":"1.0","id":"1","source":"s","type":"t","data":9007199254740993}', 'held exactly'],
  ])('that is not one gets a clear answer: %j', async (event, detail) => {
    const answer = await api.post('/api/events', event, structured);
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain(detail);
  });

  it.each([
    [{ 'ce-id': undefined }, 'header ce-id: is missing'],
    [{ 'ce-type': undefined }, 'header ce-type: is missing'],
    [{ 'ce-source': undefined }, 'header ce-source: is missing'],
    [{ 'ce-specversion': undefined }, 'header ce-specversion: is missing'],
    [{ 'ce-specversion': '2.0' }, 'header ce-specversion: must be "1.0"'],
    [{ 'ce-subject': '%E0%A4%A' }, 'header ce-subject'],
  ])('in binary mode that is not one gets a clear answer: %j', async (change, detail) => {
    const headers = Object.fromEntries(Object.entries({ ...binary('bad'), ...change }).filter(([, one]) => one));
    const answer = await api.post('/api/events', { n: 1 }, headers as Record<string, string>);
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain(detail);
  });

  it('of an unknown format is refused', async () => {
    const answer = await api.post('/api/events', [], { 'content-type': 'application/cloudevents+avro' });
    expect([answer.status, answer.body.detail]).toEqual([415, expect.stringContaining('application/cloudevents+json')]);
  });

  it('keeps its other attributes, extensions too, in either mode', async () => {
    await listening('more', 'more');
    await api.post('/api/events', example('more'), structured);
    await api.post('/api/events', { n: 2 }, binary('more', { 'ce-comext': '%E2%82%AC%20100%25', 'ce-flag': 'true' }));
    expect(triggersOf('more').map((trigger) => trigger.attributes)).toEqual([
      {
        ...{ time: '2018-04-05T17:31:00Z', datacontenttype: 'application/json' },
        ...{ comexampleextension1: 'value', comexampleothervalue: 5 },
      },
      { datacontenttype: 'application/json', comext: '€ 100%', flag: 'true' },
    ]);
    for (const change of [{ Bad_Name: 'x' }, { nested: {} }, { half: 0.5 }])
      expect((await api.post('/api/events', example('more', change), structured)).status).toBe(400);
  });
});

describe('a batch of events', () => {
  const batched = { 'content-type': 'application/cloudevents-batch+json' };

  it('is answered event by event, and starts each once', async () => {
    await listening('batch', 'batch');
    const events = ['b', 'a', 'c', 'a'].map((id) => example('batch', { id, data: { id } }));
    const [first, again] = [
      await api.post('/api/events', events, batched),
      await api.post('/api/events', events, batched),
    ];
    expect(first.status).toBe(202);
    expect(first.body.events.map(({ triggers }: { triggers: object[] }) => triggers)).toMatchObject(
      Array(4).fill([{ workflow: 'batch', outcome: 'started' }]),
    );
    expect(again.body).toEqual(first.body);
    expect(
      triggersOf('batch')
        .map(({ data }) => (data as { id: string }).id)
        .toSorted(),
    ).toEqual(['a', 'b', 'c']);
    expect((await api.post('/api/events', [], batched)).body).toEqual({ events: [] });
  });

  it('is kept as a whole, or not at all', async () => {
    await listening('whole', 'whole');
    expect((await api.post('/api/events', example('whole', { id: 'taken' }), structured)).status).toBe(202);
    const other = [example('whole', { id: 'new' }), example('whole', { id: 'taken', data: 2 })];
    expect((await api.post('/api/events', other, batched)).body).toMatchObject({ code: 'idempotency.mismatch' });
    const broken = [example('whole', { id: 'new' }), example('whole', { id: undefined })];
    expect((await api.post('/api/events', broken, batched)).body).toMatchObject({
      status: 400,
      detail: 'body/1/id: is missing; a CloudEvent needs it',
    });
    expect(triggersOf('whole')).toHaveLength(1);
    const many = Array.from({ length: 101 }, (_, id) => example('whole', { id: String(id) }));
    expect((await api.post('/api/events', many, batched)).body.detail).toContain('at most 100');
    expect((await api.post('/api/events', example('whole'), batched)).body.detail).toContain('a list of CloudEvents');
  });

  it('may be plain JSON; what is wrong is said of the event', async () => {
    await listening('plain', 'plain');
    const events = [1, 2].map((n) => ({ name: 'plain', data: { n }, attributes: { n } }));
    const key = { 'idempotency-key': 'plain-batch' };
    const first = await api.post('/api/events', { events }, key);
    expect((await api.post('/api/events', { events }, key)).body).toEqual(first.body);
    const attributes = triggersOf('plain').map((trigger) => (trigger.attributes as { n: number }).n);
    expect(attributes.toSorted()).toEqual([1, 2]);
    const answer = await api.post('/api/events', { events: [{ name: 'plain' }, { nam: 'plain' }] });
    expect(answer.body).toMatchObject({ status: 400, detail: expect.stringContaining('body/events/1/name') });
  });
});
