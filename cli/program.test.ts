import { describe, expect, it } from 'vitest';
import { startFakeApi } from './testing/fake-api.ts';
import { aRun, cli } from './testing/harness.ts';

const started = aRun({ status: 'running', endedAt: null, output: null });
const failed = aRun({
  status: 'failed',
  output: null,
  error: {
    code: 'http.402',
    message: 'The bank declined the card.',
    step: 'charge',
    node: 'charge',
    attempts: 1,
    unknown: true,
    undo: [{ step: 'hotel.compensate', error: { code: 'http.500', message: 'No' } }],
  },
});
const approval = {
  step: 'lead',
  kind: 'approval',
  since: '2026-11-21T10:00:00.000Z',
  until: null,
  detail: { title: 'Pay?' },
};

describe('blok run', () => {
  it('starts a published workflow and prints its output alone on standard output', async () => {
    const result = await cli(['run', 'hello', '--input', '{"name":"Ada"}', '--trigger', 'hook'], {
      answers: { 'POST /api/workflows/hello/runs': [{ body: aRun() }] },
    });
    expect(result).toMatchObject({
      code: 0,
      err: '✔ hello r1 succeeded in 1.2 s',
      out: '{\n  "greeting": "Hello, Ada!"\n}',
    });
    expect(result.seen[0]).toMatchObject({
      body: { input: { name: 'Ada' }, trigger: 'hook' },
      headers: { 'idempotency-key': 'key-1' },
    });
  });

  it('reads the input from a file and takes the key given', async () => {
    const result = await cli(['run', 'hello', '--input', '@in.json', '--key', 'order-7'], {
      files: { 'in.json': '{"a":1}' },
      answers: { 'POST /api/workflows/hello/runs': [{ body: aRun() }] },
    });
    expect(result.seen[0]).toMatchObject({ body: { input: { a: 1 } }, headers: { 'idempotency-key': 'order-7' } });
  });

  it('exits with 1 and says why a run failed, what is unknown, and what was not undone', async () => {
    const result = await cli(['run', 'trip'], { answers: { 'POST /api/workflows/trip/runs': [{ body: failed }] } });
    expect(result.code).toBe(1);
    expect(result.out).toBe('');
    expect(result.err.split('\n')).toEqual([
      '✖ hello r1 failed in 1.2 s',
      '  http.402 at charge: The bank declined the card.',
      '  It is not known whether this step took effect.',
      '  not undone: hotel.compensate: http.500 No',
    ]);
  });

  it.each(['cancelled', 'terminated', 'timed-out'] as const)('exits with 1 for a run that was %s', async (status) => {
    const answers = { 'POST /api/workflows/a/runs': [{ body: aRun({ status }) }] };
    expect((await cli(['run', 'a'], { answers })).code).toBe(1);
  });

  it('keeps waiting, and says once what the run waits for and how to answer', async () => {
    const waiting = aRun({ status: 'waiting', endedAt: null, output: null, waits: [approval] });
    const result = await cli(['run', 'a'], {
      answers: {
        'POST /api/workflows/a/runs': [{ body: started }],
        'GET /api/runs/r1': [{ body: waiting }, { body: waiting }, { body: aRun() }],
      },
    });
    expect(result.code).toBe(0);
    expect(result.err.split('\n')).toEqual([
      '◷ lead waits for an approval: Pay?',
      '    npx blok approve r1 lead            (or add --reject)',
      '✔ hello r1 succeeded in 1.2 s',
    ]);
  });

  it('survives a server that is unavailable for a while', async () => {
    const result = await cli(['run', 'a'], {
      answers: {
        'POST /api/workflows/a/runs': [{ body: started }],
        'GET /api/runs/r1': [{ hangUp: true }, { hangUp: true }, { body: aRun() }],
      },
    });
    expect(result.code).toBe(0);
    expect(result.err.match(/Waiting for it to come back/g)).toHaveLength(1);
    expect(result.err).toContain('✔ hello r1 succeeded');
  });

  it('stops following after --wait, leaving the run alone', async () => {
    const result = await cli(['run', 'a', '--wait', '1', '--watch'], {
      answers: { 'POST /api/workflows/a/runs': [{ body: started }], 'GET /api/runs/r1': [{ body: started }] },
    });
    expect(result.code).toBe(0);
    expect(result.err).toContain('● hello r1 running');
  });

  it('only starts it with --no-wait', async () => {
    const result = await cli(['run', 'a', '--no-wait'], {
      answers: { 'POST /api/workflows/a/runs': [{ body: started }] },
    });
    expect(result).toMatchObject({ code: 0, out: 'r1', err: 'Started. See it: npx blok show r1' });
    expect(result.seen).toHaveLength(1);
  });

  it('leaves the run going on Ctrl-C and says so', async () => {
    const result = await cli(['run', 'a', '--watch'], {
      answers: { 'POST /api/workflows/a/runs': [{ body: started }], 'GET /api/runs/r1': [{ body: started }] },
      onSleep: (interrupt) => interrupt(),
    });
    expect(result.code).toBe(130);
    expect(result.err).toBe('Run r1 goes on without you. See it: npx blok show r1   End it: npx blok cancel r1');
    expect(result.seen.map((call) => call.method)).not.toContain('DELETE');
  });

  it('watches: a line for each step that changes when there is no terminal', async () => {
    const one = { path: 'a', node: 'a', type: 'set', attempts: 1, startedAt: '2026-11-21T10:00:00.000Z' };
    const result = await cli(['run', 'a', '--watch'], {
      answers: {
        'POST /api/workflows/a/runs': [{ body: { ...started, steps: [{ ...one, status: 'running' }] } }],
        'GET /api/runs/r1': [
          { body: { ...started, steps: [{ ...one, status: 'running' }] } },
          { body: aRun({ steps: [{ ...one, status: 'succeeded', endedAt: '2026-11-21T10:00:00.500Z' }] }) },
        ],
      },
    });
    expect(result.err.split('\n')).toEqual([
      '● a  set  running',
      '✔ a  set  succeeded  500 ms',
      '✔ hello r1 succeeded in 1.2 s',
    ]);
  });

  it('watches: draws the tree on a terminal', async () => {
    const result = await cli(['run', 'a', '--watch'], {
      terminal: true,
      answers: { 'POST /api/workflows/a/runs': [{ body: started }], 'GET /api/runs/r1': [{ body: aRun() }] },
    });
    expect(result.drawn).toEqual([['● hello r1 running for 10 s'], ['✔ hello r1 succeeded in 1.2 s']]);
    expect(result).toMatchObject({ err: '', out: '{\n  "greeting": "Hello, Ada!"\n}' });
  });

  it('prints a run as JSON with --json, and nothing else', async () => {
    const result = await cli(['run', 'a', '--json'], { answers: { 'POST /api/workflows/a/runs': [{ body: failed }] } });
    expect(result.err).toBe('');
    expect(result.code).toBe(1);
    expect(JSON.parse(result.out)).toMatchObject({
      id: 'r1',
      status: 'failed',
      output: null,
      error: { code: 'http.402', message: 'The bank declined the card.', step: 'charge' },
      steps: [],
    });
  });

  it.each([
    [['run', 'a', '--input', '{name}'], /^✖ --input is not JSON: /],
    [
      ['run', 'a', '--input', '{"order":{"id":7615917337495251231}}'],
      /^✖ --input: The number 7615917337495251231 cannot be held exactly\. \(\/order\/id\)\n.*Quote it, so that it is a text: "7615917337495251231"/,
    ],
    [['event', 'paid', '--data', '[1e999]'], /^✖ --data: The number 1e999 cannot be held exactly\. \(\/0\)/],
    [
      ['approve', 'r1', 'ask', '--values', '{"n":-9007199254740993}'],
      /^✖ --values: The number -9007199254740993 cannot be held exactly\. \(\/n\)/,
    ],
    [['run', 'a', '--input', '@none.json'], /^✖ There is no file none.json\.$/],
    [['run', 'none.yaml'], /^✖ There is no file none.yaml\.$/],
    [
      ['run', 'a', '--pin', 'x=1'],
      /^✖ --pin, --from and --until are for a graph given as a file\. .* use blok rerun\.$/,
    ],
    [['run', 'a', '--var', 'x=1'], /^✖ --var is for a graph given as a file/],
    [['run', 'a', '--wait', 'long'], /Give a whole number from 0 to/],
    [['run'], /missing required argument/],
    [['fly'], /unknown command/],
  ])('refuses %j with exit code 2 before it asks the server', async (argv, message) => {
    const result = await cli(argv);
    expect(result.code).toBe(2);
    expect(result.err).toMatch(message);
    expect(result.err).not.toMatch(/\n\s+at /);
    expect(result.seen).toEqual([]);
  });

  it('exits with 3 and says how to start a server', async () => {
    const gone = await startFakeApi({});
    await gone.close();
    const result = await cli(['run', 'a'], { baseUrl: gone.url });
    expect(result.code).toBe(3);
    expect(result.err).toBe(
      `✖ No Blok server at ${gone.url}.\n  Start it with \`npm start\`, or set BLOK_API to the address of one that runs.`,
    );
  });

  it('prints everything that is wrong with an input', async () => {
    const problems = [
      { code: 'schema-required', path: '/a', message: 'is missing' },
      { code: 'schema-type', path: '/b', message: 'must be a number' },
    ];
    const body = { code: 'input.invalid', detail: 'input/a: is missing', problems };
    const result = await cli(['run', 'a'], { answers: { 'POST /api/workflows/a/runs': [{ status: 422, body }] } });
    expect(result).toMatchObject({ code: 2, err: '✖ input/a: is missing\n  /a: is missing\n  /b: must be a number' });
  });

  it('prints failures as JSON too', async () => {
    const result = await cli(['show', 'r9', '--json']);
    expect(result.code).toBe(2);
    expect(JSON.parse(result.out)).toEqual({ error: { code: 'not-found', message: 'No GET /api/runs/r9 here.' } });
  });
});

describe('blok runs, show, ask', () => {
  it('lists runs as a table', async () => {
    const items = [aRun(), aRun({ id: 'r22', workflow: 'trip', status: 'failed', error: failed.error })];
    const result = await cli(['runs', '--workflow', 'trip', '--limit', '2'], {
      answers: { 'GET /api/runs': [{ body: { items, next: 'c2' } }] },
    });
    expect(result.out.split('\n')).toEqual([
      '  run  workflow  status     started                   time   error',
      '✔ r1   hello     succeeded  2026-11-21T10:00:00.000Z  1.2 s',
      '✖ r22  trip      failed     2026-11-21T10:00:00.000Z  1.2 s  http.402',
    ]);
    expect(result.err).toBe('More: add --cursor c2');
    expect(result.seen[0]?.query).toEqual({ workflow: 'trip', limit: '2' });
  });

  it('shows a run: tree, waits', async () => {
    const run = aRun({
      status: 'waiting',
      endedAt: null,
      output: null,
      waits: [approval],
      steps: [
        {
          path: 'lead',
          node: 'lead',
          type: 'approval',
          status: 'waiting',
          attempts: 1,
          startedAt: '2026-11-21T10:00:00.000Z',
        },
      ],
    });
    const result = await cli(['show', 'r1'], { answers: { 'GET /api/runs/r1': [{ body: run }] } });
    expect(result.code).toBe(0);
    expect(result.out.split('\n')).toEqual([
      '◷ hello r1 waiting for 10 s',
      '  ◷ lead  approval  10 s',
      '◷ lead waits for an approval: Pay?',
      '    npx blok approve r1 lead            (or add --reject)',
    ]);
  });

  it('asks the run itself', async () => {
    const view = { runId: 'r1', status: 'waiting', steps: [], waits: [approval] };
    const result = await cli(['ask', 'r1', '--json'], { answers: { 'GET /api/runs/r1/ask': [{ body: view }] } });
    expect(JSON.parse(result.out)).toEqual(view);
  });
});

describe('blok approve', () => {
  const accepts = { 'POST /api/runs/r1/approvals/lead': [{ body: { decision: 'approved' } }] };

  it('decides the only approval that a run waits for, in the name of the user', async () => {
    const answers = { ...accepts, 'GET /api/runs/r1': [{ body: aRun({ status: 'waiting', waits: [approval] }) }] };
    const result = await cli(['approve', 'r1'], { answers });
    expect(result).toMatchObject({ code: 0, out: '✔ lead approved' });
    expect(result.seen.at(-1)?.body).toEqual({ decision: 'approved', by: 'ada' });
  });

  it('rejects a named step with a comment and values', async () => {
    const argv = ['approve', 'r1', 'lead', '--reject', '--by', 'grace', '--comment', 'no', '--values', '{"limit":5}'];
    const result = await cli(argv, { answers: accepts });
    expect(result.out).toBe('✔ lead rejected');
    expect(result.seen[0]?.body).toEqual({ decision: 'rejected', by: 'grace', comment: 'no', values: { limit: 5 } });
  });

  it('asks which approval is meant if there are several', async () => {
    const waits = [approval, { ...approval, step: 'head' }];
    const result = await cli(['approve', 'r1'], {
      answers: { 'GET /api/runs/r1': [{ body: aRun({ status: 'waiting', waits }) }] },
    });
    expect(result.code).toBe(2);
    expect(result.err).toBe('✖ Run r1 waits for 2 approvals: lead, head.\n  Say which: npx blok approve r1 lead');
  });
});

describe('other commands', () => {
  it('sends an event', async () => {
    const result = await cli(['event', 'order.paid', '--key', '42', '--data', '{"id":"p1"}'], {
      answers: { 'POST /api/events': [{ status: 202, body: { id: 'e1', delivered: 1 } }] },
    });
    expect(result.out).toBe('✔ order.paid delivered to 1 run');
    expect(result.seen[0]?.body).toEqual({ name: 'order.paid', key: '42', data: { id: 'p1' } });
  });

  it('tells an event to one run', async () => {
    const result = await cli(['event', 'go', '--run', 'r1'], {
      answers: { 'POST /api/runs/r1/tell': [{ status: 202, body: {} }] },
    });
    expect(result.out).toBe('✔ go told to r1');
    expect(result.seen[0]?.body).toEqual({ name: 'go' });
  });

  it('cancels, pauses and resumes', async () => {
    const answers = {
      'POST /api/runs/r1/cancel': [{ status: 202, body: started }],
      'POST /api/runs/r1/pause': [{ status: 202, body: aRun({ status: 'paused', endedAt: null }) }],
      'POST /api/runs/r1/resume': [{ status: 202, body: started }],
    };
    const cancelled = await cli(['cancel', 'r1', '--reason', 'wrong order'], { answers });
    expect(cancelled).toMatchObject({ code: 0, out: '● hello r1 running for 10 s', err: 'Cancelling.' });
    expect(cancelled.seen[0]?.body).toEqual({ reason: 'wrong order' });
    expect(await cli(['pause', 'r1'], { answers })).toMatchObject({
      out: '‖ hello r1 paused for 10 s',
      err: 'Go on with: npx blok resume r1',
    });
    expect(await cli(['resume', 'r1'], { answers })).toMatchObject({ code: 0, err: 'Going on.' });
  });

  it('says what is wrong with its arguments, as JSON where that was asked for', async () => {
    for (const [argv, message] of [
      [['runs', '--limit', '0'], /--limit <count>.*0.*whole number from 1 to 200/],
      [['run', 'a.yaml', '--nope'], /unknown option '--nope'/],
      [['run'], /missing required argument/],
      [['nope'], /unknown command/],
      [['show', ''], /argument is empty/],
    ] as const) {
      const plain = await cli(argv);
      expect(plain).toMatchObject({ code: 2, out: '', seen: [], err: expect.stringMatching(message) });
      const result = await cli([...argv, '--json']);
      expect(result).toMatchObject({ code: 2, err: '', seen: [] });
      expect(JSON.parse(result.out)).toMatchObject({
        error: { code: 'input.bad', message: expect.stringMatching(message) },
      });
    }
  });

  it.each(['nonsense', 'ftp://x', 'http://127.0.0.1:99999'])(
    'says that %s is not the address of a server',
    async (baseUrl) => {
      const result = await cli(['runs'], { baseUrl });
      expect(result).toMatchObject({ code: 2, err: expect.stringMatching(/is no address of a server[\s\S]*BLOK_API/) });
    },
  );

  it('reads UTF-8 with or without a byte order mark, and no other encoding', async () => {
    const answers = { 'POST /api/workflows/hello/runs': [{ body: aRun() }] };
    const marked = await cli(['run', 'hello', '--input', '@in.json'], {
      answers,
      files: { 'in.json': '\ufeff{"a":"ü"}' },
    });
    expect(marked.seen[0]).toMatchObject({ body: { input: { a: 'ü' } } });
    const latin = Buffer.from('{"a":"\xfc"}', 'latin1');
    const result = await cli(['run', 'hello', '--input', '@in.json'], { answers, files: { 'in.json': latin } });
    expect(result).toMatchObject({ code: 2, seen: [], err: expect.stringContaining('in.json is not UTF-8 text') });
  });

  it('explains itself', async () => {
    const result = await cli(['--help']);
    expect(result.code).toBe(0);
    expect(result.out).toContain('validate [options] <file...>');
    expect(result.out).toContain('Exit codes: 0 succeeded');
    expect(await cli(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });
});
