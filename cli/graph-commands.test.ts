import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aRun, cli } from './testing/harness.ts';

const GRAPH = `blok: 1
name: pay
input: { type: object, required: [amount], properties: { amount: { type: number } } }
nodes:
  ask:
    uses: approval
    with: { to: ["role:lead"], title: "Pay \${{ input.amount }}?" }
  pay:
    uses: http.request
    needs: [ask.approved]
    with: { method: POST, url: "https://bank.example/pay", json: { amount: "\${{ input.amount }}" } }
  paid: { uses: waitForEvent, needs: [pay], with: { event: bank.paid, key: "7" } }
output: { ref: "\${{ nodes.pay?.body.ref }}", by: "\${{ nodes.paid?.data.by }}" }
`;
const BROKEN = GRAPH.replace('needs: [ask.approved]', 'needs: [ask.aproved]').replace('nodes.pay?.', 'nodes.pya?.');
const ODD = 'blok: 1\nname: odd\nnodes:\n  a:\n    { uses: http.request, with: { url: "https://example.com/x" } }\n';
const files = { 'pay.yaml': GRAPH, 'broken.yaml': BROKEN, 'no.yaml': 'blok: [1', 'in.json': '{"amount":5}' };

describe('blok validate', () => {
  it('says that a graph is valid, without a server', async () => {
    const result = await cli(['validate', 'pay.yaml'], { files });
    expect(result).toMatchObject({ code: 0, out: '✔ pay.yaml', seen: [] });
  });

  it('checks the other files if one cannot be read', async () => {
    const result = await cli(['validate', 'gone.yaml', 'pay.yaml'], { files });
    expect(result).toMatchObject({ code: 2, out: '✔ pay.yaml' });
    expect(result.err).toContain('There is no file gone.yaml.');
  });

  it('shows warnings of a valid graph, and refuses them with --strict', async () => {
    const given = { files: { 'odd.yaml': ODD } };
    const warning = /odd\.yaml:5:\d+ warning placeholder /;
    const lenient = await cli(['validate', 'odd.yaml'], given);
    expect(lenient.code).toBe(0);
    expect(lenient.out).toMatch(/^✔ odd\.yaml\n/);
    expect(lenient.out).toMatch(warning);
    const strict = await cli(['validate', 'odd.yaml', '--strict'], given);
    expect(strict.code).toBe(2);
    expect(strict.out).toMatch(warning);
    expect(strict.out).not.toContain('✔');
    const json = await cli(['validate', 'odd.yaml', '--json'], given);
    expect(JSON.parse(json.out)).toMatchObject([{ valid: true, problems: [{ severity: 'warning' }] }]);
  });

  it('prints each problem where an editor finds it, and exits with 2', async () => {
    const result = await cli(['validate', 'pay.yaml', 'broken.yaml'], { files });
    expect(result.code).toBe(2);
    const lines = result.out.split('\n');
    expect(lines[0]).toBe('✔ pay.yaml');
    expect(lines.filter((line) => /^broken\.yaml:\d+:\d+ [a-z-]+ \S/.test(line)).length).toBeGreaterThanOrEqual(2);
    expect(result.out).toMatch(/^broken\.yaml:10:\d+ /m);
  });

  it('refuses a schema that nothing could be checked against', async () => {
    const graph = (schema: string) => `blok: 1
name: odd
input: ${schema}
nodes: { a: { uses: approval, with: { to: ["role:x"], title: x, form: ${schema} } } }
`;
    for (const [schema, at] of [
      ['{ $ref: "#/nope" }', '/$ref'],
      ['{ type: string, pattern: "(?=a)b" }', ''],
    ] as const) {
      const result = await cli(['validate', 'odd.yaml', '--json'], { files: { 'odd.yaml': graph(schema) } });
      expect(JSON.parse(result.out)[0].problems).toMatchObject([
        { code: 'bad-schema', path: `/input${at}`, line: 3 },
        { code: 'bad-schema', path: `/nodes/a/with/form${at}`, line: 4 },
      ]);
    }
  });

  it('prints problems as JSON', async () => {
    const result = await cli(['validate', 'no.yaml', '--json'], { files });
    expect(result.code).toBe(2);
    expect(JSON.parse(result.out)).toMatchObject([
      { file: 'no.yaml', valid: false, problems: [{ line: expect.any(Number) }] },
    ]);
  });
});

describe('blok run FILE', () => {
  it('sends the text of a valid graph with input and variables', async () => {
    const result = await cli(['run', 'pay.yaml', '--input', '@in.json', '--var', 'limit=5', '--var', 'to=ops'], {
      files,
      answers: { 'POST /api/runs': [{ body: aRun() }] },
    });
    expect(result.code).toBe(0);
    expect(result.seen[0]?.body).toEqual({ graph: GRAPH, input: { amount: 5 }, vars: { limit: 5, to: 'ops' } });
  });

  it('refuses a graph with problems before it asks the server', async () => {
    const result = await cli(['run', 'broken.yaml'], { files });
    expect(result.code).toBe(2);
    expect(result.err).toMatch(/^✖ broken\.yaml has \d+ problems\.\nbroken\.yaml:10:/);
    expect(result.seen).toEqual([]);
  });

  it('points at the file when only the server sees what is wrong', async () => {
    const problems = [
      { code: 'bad-connection', path: '/nodes/pay', message: 'no such connection', line: 8, column: 3 },
    ];
    const result = await cli(['run', 'pay.yaml'], {
      files,
      answers: {
        'POST /api/runs': [{ status: 422, body: { code: 'graph.invalid', detail: 'It has a problem.', problems } }],
      },
    });
    expect(result).toMatchObject({
      code: 2,
      err: '✖ It has a problem.\npay.yaml:8:3 bad-connection no such connection',
    });
  });

  it('publishes under the name in the graph', async () => {
    const published = { name: 'pay', version: 2, hash: 'h', publishedAt: '2026-11-21T10:00:00.000Z', warnings: [] };
    const first = await cli(['publish', 'pay.yaml'], {
      files,
      answers: { 'PUT /api/workflows/pay': [{ status: 201, body: published }] },
    });
    expect(first.out).toBe('✔ pay version 2');
    expect(first.seen[0]).toMatchObject({ body: GRAPH, headers: { 'content-type': 'application/yaml' } });
    const again = await cli(['publish', 'pay.yaml'], {
      files,
      answers: { 'PUT /api/workflows/pay': [{ body: published }] },
    });
    expect(again.out).toBe('✔ pay version 2 (unchanged)');
  });

  it('publishes with warnings and prints them; refuses them with --strict', async () => {
    const warning = { severity: 'warning', code: 'placeholder', path: '', message: 'odd', line: 4, column: 2 };
    const published = { name: 'pay', version: 2, hash: 'h', publishedAt: 'x', warnings: [warning] };
    const answers = { 'PUT /api/workflows/pay': [{ status: 201, body: published }] };
    const result = await cli(['publish', 'pay.yaml'], { files, answers });
    expect(result).toMatchObject({ code: 0, out: '✔ pay version 2', err: 'pay.yaml:4:2 warning placeholder odd' });
    const strict = await cli(['publish', 'odd.yaml', '--strict'], { files: { 'odd.yaml': ODD } });
    expect(strict).toMatchObject({ code: 2, seen: [] });
    expect(strict.err).toMatch(/odd\.yaml:5:\d+ warning placeholder/);
  });
});

describe('blok run --dry', () => {
  const dry = ['run', '--dry', 'pay.yaml', '--input', '{"amount":5}'];

  it.each([
    [
      '--input',
      '{"amount":9007199254740993}',
      '--input: The number 9007199254740993 cannot be held exactly. (/amount)',
    ],
    ['--input', '@big.json', '--input @big.json: The number -7615917337495251231 cannot be held exactly. (/ids/1)'],
    ['--pin', 'pay=9007199254740993', '--pin pay: The number 9007199254740993 cannot be held exactly.'],
    ['--pin', 'pay={"id":9007199254740993}', '--pin pay: The number 9007199254740993 cannot be held exactly. (/id)'],
    ['--pin', 'pay=@big.json', '--pin pay @big.json: The number -7615917337495251231 cannot be held exactly. (/ids/1)'],
    ['--var', 'id=1e999', '--var id: The number 1e999 cannot be held exactly.'],
    [
      '--event',
      'paid={"id":9007199254740993}',
      '--event paid: The number 9007199254740993 cannot be held exactly. (/id)',
    ],
  ])('refuses the number in %s %s, and says "quote it"', async (option, value, message) => {
    const given = { ...files, 'big.json': '{"ids":[1,-7615917337495251231]}' };
    const result = await cli([...dry, option, value], { files: given });
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toMatch(/\n {2}Quote it, so that it is a text: ".*"\.$/);
    expect(result.err.split('\n')[0]).toBe(`✖ ${message}`);
  });

  it('answers effects, approvals and events from its options, without a server', async () => {
    const pins = [
      '--pin',
      'ask=approved',
      '--pin',
      'pay={"body":{"ref":"b-1"}}',
      '--event',
      'bank.paid:7={"by":"bob"}',
    ];
    const result = await cli([...dry, ...pins], { files });
    expect(result).toMatchObject({ code: 0, seen: [] });
    expect(JSON.parse(result.out)).toEqual({ ref: 'b-1', by: 'bob' });
    expect(result.err.split('\n')).toEqual([
      expect.stringMatching(/^ {2}✔ ask +approval +\d+ \S+ +→ approved$/),
      expect.stringMatching(/^ {2}✔ pay +http\.request/),
      expect.stringMatching(/^ {2}✔ paid +waitForEvent/),
      expect.stringMatching(/^✔ pay dry-run succeeded/),
    ]);
  });

  it('says which pin is missing', async () => {
    const result = await cli([...dry, '--pin', 'ask=approved'], { files });
    expect(result.code).toBe(1);
    expect(result.err).toContain('pin.missing at pay: ');
    expect(result.err).toContain('--pin pay=');
  });

  it('refuses a pin that begins like JSON but is not JSON', async () => {
    const result = await cli([...dry, '--pin', 'pay={oops'], { files });
    expect(result.code).toBe(2);
    expect(result.err).toContain('--pin pay is not JSON');
  });

  it('refuses answers for unknown nodes', async () => {
    for (const [option, given] of [
      ['--pin', 'pya=1'],
      ['--fail', 'pya=http.402'],
    ] as const) {
      const result = await cli([...dry, option, given], { files });
      expect(result.code).toBe(2);
      expect(result.err).toContain('no node pya in this graph');
      expect(result.err).toContain('Did you mean `pay`?');
    }
  });

  it('lets an effect fail', async () => {
    const result = await cli([...dry, '--pin', 'ask=approved', '--fail', 'pay=http.402', '--json'], { files });
    expect(result.code).toBe(1);
    expect(JSON.parse(result.out)).toMatchObject({ status: 'failed', error: { code: 'http.402', step: 'pay' } });
  });

  it('shows what it waits for when nothing answers', async () => {
    const result = await cli(dry, { files });
    expect(result.code).toBe(0);
    expect(result.err).toContain('◷ ask waits for an approval: Pay 5?');
    expect(result.err).not.toContain('npx blok approve dry-run');
  });

  it('stands for the trigger a call would, with its `if` and `input`', async () => {
    const hook = `blok: 1
name: hook
triggers: { hook: { uses: webhook, with: { verify: none }, if: "\${{ trigger.body.ref != 'no' }}", input: { ref: "\${{ trigger.body.ref }}!" } } }
nodes: { a: { uses: set, needs: [hook], with: { value: "\${{ trigger.headers['x'] ?? trigger.method }}" } } }
output: "\${{ [trigger.id, input.ref, nodes.a] }}"
`;
    const start = (...more: string[]) => cli(['run', '--dry', 'hook.yaml', ...more], { files: { 'hook.yaml': hook } });
    expect(JSON.parse((await start('--input', '{"ref":"main"}')).out)).toEqual(['hook', 'main!', 'POST']);
    const declined = await start('--input', '{"ref":"no"}', '--json');
    expect([declined.code, JSON.parse(declined.out).error.code]).toEqual([2, 'trigger.declined']);
    const unknown = await start('--trigger', 'constructor', '--json');
    expect([unknown.code, JSON.parse(unknown.out).error.code]).toEqual([2, 'trigger.unknown']);
  });

  it('checks the input against the schema of the graph', async () => {
    const result = await cli(['run', '--dry', 'pay.yaml', '--input', '{"amount":"5"}'], { files });
    expect(result).toMatchObject({ code: 2, out: '', err: '✖ input/amount: must be number' });
    expect((await cli(['run', '--dry', 'pay.yaml'], { files })).err).toContain("must have required property 'amount'");
  });

  it('refuses an invalid decision', async () => {
    for (const pin of ['maybe', '[1]', '{"decision":5}']) {
      const result = await cli([...dry, '--pin', `ask=${pin}`], { files });
      expect(result).toMatchObject({ code: 2, err: expect.stringMatching(/^✖ The pin of ask must be approved/) });
    }
  });

  it('checks the parameters of effects', async () => {
    const mail = `blok: 1
name: mail
nodes: { a: { uses: email.send, connection: smtp, with: { to: "\${{ input.to }}", subject: Hi, text: "\${{ input.n }}", cc: "\${{ null }}" } } }
output: "\${{ nodes.a }}"
`;
    const send = (input: string) =>
      cli(['run', '--dry', 'm.yaml', '--input', input, '--pin', 'a=sent', '--json'], { files: { 'm.yaml': mail } });
    expect(JSON.parse((await send('{"to":"a@b.example","n":"x"}')).out)).toMatchObject({ output: 'sent' });
    expect(JSON.parse((await send('{"n":"x"}')).out).error).toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('`with.to` is missing'),
    });
    expect(JSON.parse((await send('{"to":"a@b.example","n":5}')).out).error.message).toContain('`with.text` is 5');
  });

  it('needs a file', async () => {
    expect(await cli(['run', '--dry', 'pay'], { files })).toMatchObject({ code: 2, seen: [] });
  });
});

describe('blok nodes and mermaid', () => {
  it('lists node types', async () => {
    const result = await cli(['nodes']);
    expect(result.out).toMatch(/^type +effect +connection +title\n/);
    expect(result.out).toMatch(/^http\.request +at-least-once/m);
  });

  it('shows the fields of one node type', async () => {
    const result = await cli(['nodes', 'kv.set']);
    expect(result.out).toMatch(/^kv\.set \d+\.\d+\.\d+: .* \(exactly-once\)\nwith:\n/);
    expect(result.out).toMatch(/^ {2}ttl\? +string/m);
    expect(result.out).toMatch(/^nodes\.<id>:\n {2}value/m);
    expect((await cli(['nodes', 'kv.sett'])).code).toBe(2);
  });

  it('draws a graph', async () => {
    const result = await cli(['mermaid', 'pay.yaml'], { files });
    expect(result.out).toMatch(/^flowchart TD\n/);
    expect(result.out).toContain('-->|"approved"| n_pay');
    expect(result.out.endsWith('\n')).toBe(false);
  });

  it('draws the diagram in the README of an example', async () => {
    const read = (file: string) => readFileSync(new URL(`../examples/hello/${file}`, import.meta.url), 'utf8');
    const result = await cli(['mermaid', 'graph.yaml'], { files: { 'graph.yaml': read('graph.yaml') } });
    expect(read('README.md')).toContain(result.out);
  });
});
