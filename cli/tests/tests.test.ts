import { describe, expect, it } from 'vitest';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import { aRun, cli } from '../testing/harness.ts';

const GRAPH = `blok: 1
name: pay
input: { type: object, required: [amount], properties: { amount: { type: number } } }
nodes:
  pay: { uses: http.request, with: { method: POST, url: "https://bank.acme.test/pay", json: { amount: "\${{ input.amount }}" } } }
output: { ref: "\${{ nodes.pay.body.ref }}" }
`;
const TESTS = `cases:
  - name: pays
    input: { amount: 5 }
    pins: { pay: { body: { ref: r-1 } } }
    expect:
      output: { ref: r-1 }
      effects: [{ step: pay, with: { json: { amount: 5 } } }]
  - name: a bank that is down
    input: { amount: 5 }
    failures: { pay: http.503 }
    expect: { error: http.503 }
`;
const files = { 'flows/pay.yaml': GRAPH, 'flows/pay.test.yaml': TESTS };
const failing = {
  ...files,
  'flows/pay.test.yaml': TESTS.replace('ref: r-1 }\n      effects', 'ref: r-2 }\n      effects'),
};

describe('blok test', () => {
  it('finds the tests of a folder and runs them without a server', async () => {
    const result = await cli(['test'], { files: { ...files, 'node_modules/x/a.test.yaml': 'no' } });
    expect(result).toMatchObject({ code: 0, out: '✔ flows/pay.test.yaml (2 cases)', seen: [] });
    expect(result.err).toMatch(/^✔ 2 passed \(\d+ ms\)$/);
    for (const target of ['flows', 'flows/pay.yaml', 'flows/pay.test.yaml'])
      expect((await cli(['test', target], { files })).out).toBe(result.out);
  });

  it('shows what differs, where the file expects it, and exits with 1', async () => {
    const result = await cli(['test'], { files: failing });
    expect(result.code).toBe(1);
    expect(result.out.split('\n')).toEqual([
      '✖ flows/pay.test.yaml (1 of 2 cases failed)',
      '  ✖ pays',
      '      output.ref  flows/pay.test.yaml:6:7',
      '        - expected  "r-2"',
      '        + actual    "r-1"',
    ]);
    expect(result.err).toContain('✖ 1 passed, 1 failed');
  });

  it('points at what is wrong in the tests or in the graph, runs the other files, and exits with 2', async () => {
    const broken = {
      ...files,
      'a.yaml': GRAPH.replace('http.request', 'htp.request'),
      'a.test.yaml': TESTS,
      'b.test.yaml': 'cases: 1',
    };
    const result = await cli(['test'], { files: broken });
    expect(result.code).toBe(2);
    expect(result.out).toMatch(/^✖ a\.test\.yaml\n {2}a\.yaml:5:\d+ unknown-type /m);
    expect(result.out).toMatch(/^✖ b\.test\.yaml\n {2}b\.test\.yaml:1:8 bad-value /m);
    expect(result.out).toContain('✔ flows/pay.test.yaml (2 cases)');
    const alone = await cli(['test'], { files: { 'c.test.yaml': TESTS } });
    expect([alone.code, alone.out]).toEqual([2, expect.stringContaining('there is no c.yaml')]);
  });

  it('says so if there is nothing to run', async () => {
    expect(await cli(['test'], { files: { 'a.yaml': GRAPH } })).toMatchObject({
      code: 2,
      err: expect.stringContaining('There are no graph tests in .'),
    });
    expect((await cli(['test', 'a.yaml'], { files: { 'a.yaml': GRAPH } })).err).toContain('a.yaml has no tests');
    expect((await cli(['test', 'gone.yaml'], { files })).err).toContain('There is no file gone.yaml');
    expect(await cli(['test', '--filter', 'nothing'], { files })).toMatchObject({ code: 2 });
  });

  it('runs the cases that a filter names', async () => {
    const result = await cli(['test', '--filter', 'BANK'], { files: failing });
    expect(result).toMatchObject({ code: 0, out: '✔ flows/pay.test.yaml (1 case)' });
  });

  it('writes JUnit XML, and JSON', async () => {
    const { written, code } = await cli(['test', '--junit', 'out.xml'], { files: failing });
    expect(code).toBe(1);
    expect(written['out.xml']).toContain('<testsuites name="blok test" tests="2" failures="1" errors="0"');
    expect(written['out.xml']).toContain('<testcase name="pays" classname="flows/pay.test.yaml">');
    expect(written['out.xml']).toContain('expected  &quot;r-2&quot;');
    const json = JSON.parse((await cli(['test', '--json'], { files: failing })).out);
    expect(json).toMatchObject([
      {
        file: 'flows/pay.test.yaml',
        graph: 'flows/pay.yaml',
        passed: false,
        cases: [{ name: 'pays', passed: false }, { passed: true }],
      },
    ]);
  });

  it('writes names into JUnit XML that a reader finds as they are', async () => {
    const odd = JSON.stringify('a\n"b"\t<c> & \u0007 🚀');
    const { written } = await cli(['test', '--junit', 'out.xml'], {
      files: { ...files, 'flows/pay.test.yaml': TESTS.replace('name: pays', `name: ${odd}`) },
    });
    expect(written['out.xml']).toContain('name="a&#10;&quot;b&quot;&#9;&lt;c&gt; &amp; \uFFFD 🚀"');
  });

  it('watches: runs the files that have changed again, until Ctrl-C', async () => {
    const changing: Record<string, string> = { ...files };
    let looks = 0;
    const result = await cli(['test', '--watch'], {
      files: changing,
      onSleep: (interrupt) => {
        looks += 1;
        if (looks === 2) changing['flows/pay.yaml'] = GRAPH.replace('body.ref', 'body.reference');
        if (looks === 4) interrupt();
      },
    });
    expect(result.code).toBe(1);
    expect(result.out.match(/^[✔✖] flows/gm)).toEqual(['✔ flows', '✖ flows']);
  });
});

describe('blok publish --test', () => {
  const published = { name: 'pay', version: 1, hash: 'h', publishedAt: 'x', warnings: [] };
  const answers = { 'PUT /api/workflows/pay': [{ status: 201, body: published }] };

  it('publishes a graph whose tests pass', async () => {
    expect(await cli(['publish', 'flows/pay.yaml', '--test'], { files, answers })).toMatchObject({
      code: 0,
      out: '✔ pay version 1',
    });
  });

  it('publishes nothing if a test fails or there is none', async () => {
    const failed = await cli(['publish', 'flows/pay.yaml', '--test'], { files: failing, answers });
    expect(failed).toMatchObject({ code: 1, seen: [] });
    expect(failed.err).toContain('- expected  "r-2"');
    const none = await cli(['publish', 'a.yaml', '--test'], { files: { 'a.yaml': GRAPH }, answers });
    expect(none).toMatchObject({ code: 2, seen: [] });
  });
});

describe('blok test --record', () => {
  const step = (more: Partial<StepRecord>): StepRecord => ({
    path: 'pay',
    node: 'pay',
    type: 'http.request',
    status: 'succeeded',
    attempts: 1,
    ...more,
  });
  const run = (more: object, steps: StepRecord[]) => ({
    'GET /api/runs/r1': [{ body: aRun({ workflow: 'pay', version: 3, input: { amount: 5 }, steps, ...more }) }],
    'GET /api/workflows/pay': [{ body: { name: 'pay', version: 3, graph: JSON.parse(JSON.stringify(GRAPH_OBJECT)) } }],
    'GET /api/runs/r1/steps/pay/output': [{ body: { body: { ref: 'large' } } }],
  });
  const GRAPH_OBJECT = {
    blok: 1,
    name: 'pay',
    nodes: { pay: { uses: 'http.request', with: { method: 'POST', url: 'https://bank.acme.test/pay' } } },
    output: { ref: '${{ nodes.pay.body.ref }}' },
  };

  it('makes a case that passes: outputs become pins, outputs by reference are fetched', async () => {
    const steps = [step({ attempts: 2, outputRef: { sha256: 'a', size: 40_000 } })];
    const answers = run({ output: { ref: 'large' } }, steps);
    const { code, written, err } = await cli(['test', '--record', 'r1', 'pay.test.yaml'], { answers });
    expect([code, err]).toEqual([0, '']);
    const again = await cli(['test'], {
      files: { 'pay.yaml': readable(GRAPH_OBJECT), 'pay.test.yaml': written['pay.test.yaml']! },
    });
    expect([again.code, again.out]).toEqual([0, '✔ pay.test.yaml (1 case)']);
  });

  it('adds a case to a file and keeps its comments', async () => {
    const answers = run(
      {
        status: 'failed',
        output: null,
        error: { code: 'http.402', message: 'no', step: 'pay', node: 'pay', attempts: 1, unknown: false },
      },
      [
        step({
          status: 'failed',
          error: { code: 'http.402', message: 'no', step: 'pay', node: 'pay', attempts: 1, unknown: false },
        }),
      ],
    );
    const before = `# Tests of pay.\n${TESTS}`;
    const { code, written } = await cli(['test', '--record', 'r1', 'pay.test.yaml'], {
      answers,
      files: { 'pay.test.yaml': before },
    });
    expect(code).toBe(0);
    expect(written['pay.test.yaml']).toMatch(/^# Tests of pay\.\n/);
    expect(written['pay.test.yaml']).toContain('name: as in run r1');
    expect(written['pay.test.yaml']).toContain('name: pays');
  });

  it('leaves a file as it is that the case would make too large to be read', async () => {
    const large = { body: { ref: 'x'.repeat(1_100_000) } };
    const answers = run({ output: { ref: 'x' } }, [step({ output: large })]);
    const { code, err, written } = await cli(['test', '--record', 'r1', 'pay.test.yaml'], { answers, files });
    expect([code, written]).toEqual([2, {}]);
    expect(err).toContain('larger than 1 MB');
  });

  it('refuses a run with more steps than an answer shows', async () => {
    const { code, err } = await cli(['test', '--record', 'r1'], { answers: run({ moreSteps: true }, [step({})]) });
    expect([code, err]).toEqual([2, expect.stringMatching(/more data, than a case can hold/)]);
    expect(err).not.toContain('undefined');
  });

  it('refuses a run that has not ended, or whose graph nobody keeps', async () => {
    expect(
      (await cli(['test', '--record', 'r1'], { answers: run({ status: 'waiting', endedAt: null }, []) })).err,
    ).toContain('has not ended');
    expect((await cli(['test', '--record', 'r1'], { answers: run({ version: null }, []) })).err).toContain(
      'a graph of its own',
    );
  });
});

const readable = (graph: object): string => JSON.stringify(graph);
