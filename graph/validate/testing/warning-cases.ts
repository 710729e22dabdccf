import { A, type Cases, nodes } from './graphs.ts';

const schema = (properties: string) => `input: { type: object, properties: { ${properties} } }\n`;
const log = (message: string) => nodes(`a: { uses: log, with: { message: ${message} } }`);
const loop = (more: string, inner = 'b: { uses: wait, with: { for: 1s } }') =>
  nodes(`c: { uses: while, nodes: { ${inner} }, ${more} }`);

/** Warnings that appear. */
export const warningCases: Cases = {
  'undeclared-input': [
    [
      `${schema('email: { type: string }')}${log('"${{ input.emial }}"')}`,
      '/nodes/a/with/message',
      'Did you mean `email`?',
    ],
    [
      `${schema('order: { type: object, properties: { id: {} } }')}${log('"${{ input.order.total }}"')}`,
      '/nodes/a/with/message',
      '`order.total`',
    ],
    [
      `${schema('rows: { type: array, items: { type: object, properties: { a: {} } } }')}${log('"${{ input.rows[0].b }}"')}`,
      '/nodes/a/with/message',
      '`rows.0.b`',
    ],
  ],
  'never-equal': [
    [`${schema('n: { type: integer }')}${log('"${{ input.n == \'5\' }}"')}`, '/nodes/a/with/message', '`"5"`'],
    [log("\"${{ date.get(now, 'weekday', 'Europe/Berlin') == '1' }}\""), '/nodes/a/with/message', '`"1"`'],
    [
      `${schema('state: { enum: [open, closed] }')}${log('"${{ input.state != \'opne\' ? 1 : 2 }}"')}`,
      '/nodes/a/with/message',
      '`"opne"`',
    ],
    [
      nodes(
        'a: { uses: if, with: { test: "${{ input.x }}" } }',
        'b: { uses: log, needs: [a.true], with: { message: "${{ nodes.a == \'true\' }}" } }',
      ),
      '/nodes/b/with/message',
      'true or false',
    ],
    [
      `${schema('n: { type: number }')}${nodes('a: { uses: switch, with: { value: "${{ input.n }}", cases: [{ port: x, is: [1, "2"] }] } }', 'b: { uses: log, needs: [a.x], with: { message: x } }')}`,
      '/nodes/a/with/cases/0/is',
      '`"2"`',
    ],
    [
      nodes(
        'a: { uses: approval, with: { to: ["role:x"], title: x } }',
        'b: { uses: log, needs: [a.approved], with: { message: "${{ nodes.a.decision == \'approve\' }}" } }',
      ),
      '/nodes/b/with/message',
      '`"approved"`',
    ],
    [
      nodes(
        'a: { uses: switch, with: { value: "${{ input.x }}", cases: [{ port: x, is: 1 }] } }',
        'b: { uses: log, needs: [a.x], with: { message: "${{ nodes.a == \'y\' }}" } }',
      ),
      '/nodes/b/with/message',
      '`"default"`',
    ],
    [
      nodes(
        'a: { uses: race, nodes: { x: { uses: wait, with: { for: 1s } }, y: { uses: wait, with: { for: 1s } } } }',
        'b: { uses: log, needs: [a.x], with: { message: "${{ nodes.a.winner == \'z\' }}" } }',
      ),
      '/nodes/b/with/message',
      '`"x"`',
    ],
    [`vars: { limit: 5 }\n${log('"${{ vars.limit == \'5\' }}"')}`, '/nodes/a/with/message', 'a number'],
    [
      nodes(
        'a: { uses: set, with: { value: { mode: fast } } }',
        'b: { uses: log, needs: [a], with: { message: "${{ nodes.a.mode == \'slow\' }}" } }',
      ),
      '/nodes/b/with/message',
      '`"fast"`',
    ],
  ],
  'foreign-template': [
    [log('"Hello {{ $json.name }}"'), '/nodes/a/with/message', '{{ $json.name }}'],
    [log('"Hello {{name}}"'), '/nodes/a/with/message', '{{name}}'],
    [log("'Hello ${name}, ${{ input.x }}'"), '/nodes/a/with/message', '${name}'],
    [log('"{% if x %}"'), '/nodes/a/with/message', '{% if x %}'],
    [`vars: { x: "{{ y }}" }\n${nodes(A)}`, '/vars/x', '{{ y }}'],
  ],
  'expression-in-code': [
    [
      nodes(
        'a: { uses: postgres.query, connection: crm, with: { sql: "select * from t where id = \'${{ input.id }}\'" } }',
      ),
      '/nodes/a/with/sql',
      'SQL',
    ],
    [
      nodes('a: { uses: postgres.query, connection: crm, with: { sql: "${{ \'select \' + input.id }}" } }'),
      '/nodes/a/with/sql',
      'SQL',
    ],
    [
      nodes('a: { uses: code.javascript, with: { source: "return ${{ input.n }} + 1" } }'),
      '/nodes/a/with/source',
      'a script',
    ],
  ],
  'form-as-json': [
    [
      `triggers: { ask: { uses: form } }\n${schema('a: { type: object, additionalProperties: { type: string } }')}${log('x')}`,
      '/input',
      '`a`',
    ],
    [
      nodes(
        'a: { uses: approval, with: { to: ["role:x"], title: x, form: { type: object, properties: { b: { type: array } } } } }',
      ),
      '/nodes/a/with/form',
      '`b`',
    ],
  ],
  'respond-unheard': [
    [nodes('a: { uses: respond, with: { body: x } }'), '/nodes/a/uses', 'a answers a waiting caller'],
    [
      `triggers: { t: { uses: webhook, with: { verify: none } } }\n${nodes('a: { uses: respond, with: { body: x } }')}`,
      '/nodes/a/uses',
      'no trigger has one',
    ],
  ],
  'test-never-changes': [
    [loop('with: { test: "${{ input.more }}" }'), '/nodes/c/with/test', 'nothing that a round can change'],
    [loop('with: { test: true }'), '/nodes/c/with/test', 'nothing that a round can change'],
    [loop('with: { test: false }'), '/nodes/c/with/test', 'never begins'],
  ],
  'state-not-yielded': [
    [loop('with: { state: { n: 0 }, test: "${{ state.n < 3 }}" }'), '/nodes/c/output', 'no `output`'],
    [
      loop('with: { state: { n: 0 }, test: "${{ state.n < 3 }}" }, output: { m: "${{ nodes.b.at }}" }'),
      '/nodes/c/output',
      'does not yield `n`',
    ],
    [
      loop('with: { state: { n: 0 }, test: "${{ state.n < 3 }}" }, output: { n: 1 }'),
      '/nodes/c/output',
      'the same in every round',
    ],
    [
      loop('with: { state: { n: 0 }, test: "${{ state.n < 3 }}" }, output: "${{ state }}"'),
      '/nodes/c/output',
      'the same in every round',
    ],
    [loop('with: { test: "${{ state != null }}" }'), '/nodes/c/output', 'no `output`'],
    [
      loop('with: { state: 1, test: "${{ index < 3 }}" }', 'b: { uses: log, with: { message: "${{ state }}" } }'),
      '/nodes/c/output',
      'null after the first round',
    ],
  ],
  'endless-loop': [
    [
      loop('with: { test: true, max: unlimited }', 'b: { uses: kv.get, with: { key: x } }'),
      '/nodes/c',
      'never ends and never waits',
    ],
  ],
  'calls-itself': [
    [
      nodes('a: { uses: workflow.run, with: { workflow: other } }').replace('name: demo', 'name: other'),
      '/nodes/a/with/workflow',
      'a starts other',
    ],
    [
      `triggers: { t: { uses: failure, with: { workflow: other } } }\n${nodes(A)}`.replace('name: demo', 'name: other'),
      '/triggers/t/with/workflow',
      'starts other again',
    ],
    [`onFailure: other\n${nodes(A)}`.replace('name: demo', 'name: other'), '/onFailure', 'starts other again'],
  ],
  'unread-node': [
    [nodes(A), '/nodes/a', 'Nothing reads `nodes.a`'],
    [
      nodes(
        'a: { uses: filter, with: { items: [1], test: "${{ item > 1 }}" } }',
        'b: { uses: log, needs: [a], with: { message: x } }',
      ),
      '/nodes/a',
      'Nothing reads `nodes.a`',
    ],
    [nodes('a: { uses: if, with: { test: "${{ input.x }}" } }'), '/nodes/a', 'Nothing reads `nodes.a`'],
  ],
  'empty-results': [
    [
      nodes(
        'a: { uses: forEach, with: { items: [1] }, nodes: { b: { uses: log, with: { message: x } } } }',
        'c: { uses: log, needs: [a], with: { message: "${{ nodes.a.results[0] }}" } }',
      ),
      '/nodes/a',
      'each result is null',
    ],
  ],
  'no-scheme': [
    [nodes('a: { uses: http.request, with: { url: api.acme.dev/x } }'), '/nodes/a/with/url', '`api.acme.dev/x`'],
    [
      nodes('a: { uses: http.request, with: { url: "localhost:8080/${{ input.id }}" } }'),
      '/nodes/a/with/url',
      'how it is reached',
    ],
    [
      nodes('a: { uses: http.request, with: { url: "${{ vars.api }}/x" } }').replace(
        'nodes:',
        'vars: { api: api.acme.dev }\nnodes:',
      ),
      '/vars/api',
      '`api.acme.dev`',
    ],
  ],
  placeholder: [
    [
      nodes('a: { uses: http.request, with: { url: "https://api.example.com/v1" } }'),
      '/nodes/a/with/url',
      'api.example.com',
    ],
    [log('"YOUR_API_KEY"'), '/nodes/a/with/message', 'YOUR_API_KEY'],
    [log('"<your name here>"'), '/nodes/a/with/message', '<your name here>'],
    [`vars: { team: "your-workspace" }\n${nodes(A)}`, '/vars/team', 'your-workspace'],
    [log('"TODO"'), '/nodes/a/with/message', 'TODO'],
    [log('"xxxxxxxx"'), '/nodes/a/with/message', 'xxxxxxxx'],
    [log('"you@example.com"'), '/nodes/a/with/message', 'you@example.com'],
    [log('"[your signature]"'), '/nodes/a/with/message', '[your signature]'],
    [log('"https://yourcompany.com/x <api-key>"'), '/nodes/a/with/message', '<api-key>'],
  ],
  'possible-secret': [
    [`vars: { shopToken: "a8F3kQ9zX2mL5vB7" }\n${nodes(A)}`, '/vars/shopToken', '`shopToken`'],
    [
      nodes('a: { uses: http.request, with: { url: "https://api.acme.dev/v1?key=9f8e7d6c5b4a39281706&x=1" } }'),
      '/nodes/a/with/url',
      '`key` in the address',
    ],
    [
      nodes(
        'a: { uses: http.request, with: { url: "https://chat.acme.dev/hooks/81/kJ8sQ0_vR2nTz5LmXw9cYb4HdGf7PaEu1Oi3" } }',
      ),
      '/nodes/a/with/url',
      'A part of the address',
    ],
    [
      nodes('a: { uses: http.request, with: { url: "https://x81kd92ls0fq7@api.acme.dev/v1" } }'),
      '/nodes/a/with/url',
      'A part of the address',
    ],
    [
      nodes(
        'a: { uses: http.request, with: { url: "https://x.acme.dev", query: { appid: b1b15e88fa797225412429c1c50c122a } } }',
      ),
      '/nodes/a/with/query/appid',
      '`appid`',
    ],
    [log('"use kJ8sQ0_vR2nTz5LmXw9cYb4HdGf7PaEu1Oi3 to log in"'), '/nodes/a/with/message', 'A part of this text'],
    [
      nodes(
        'a: { uses: http.request, with: { url: "https://x.acme.dev", headers: { X-Shop: a8f5f167f44f4964e6c998dee827110c } } }',
      ),
      '/nodes/a/with/headers/X-Shop',
      '`X-Shop`',
    ],
  ],
  'trigger-waits': [
    [
      `triggers: { t: { uses: webhook, connection: crn, with: { verify: github } } }\n${nodes(A)}`,
      '/triggers/t/connection',
      'Did you mean `crm`?',
    ],
  ],
  'cut-off': [
    [`${nodes(A)}output:\n`, '', 'a key without a value'],
    [`${nodes(A)}  # ... rest of the nodes\n`, '', 'left out'],
    ['blok: 1\nname: demo\nnodes:\n  a: { uses: log, with: { mess', '', 'breaks off'],
    [
      'blok: 1\nname: demo\nnodes:\n  a:\n    uses: log\n    with:\n      message: The order was plac',
      '',
      'without a line break',
    ],
    ['blok: 1\nname: demo\nnodes:\n  a:\n    uses: ht', '', 'without a line break'],
    ['{ "blok": 1,\n "name": "demo",\n "nodes": { "a": { "uses": "log" }', '', 'breaks off'],
  ],
};

/** Graphs that look like one of the mistakes above, but are correct. */
export const innocent: Readonly<Record<string, readonly string[]>> = {
  'undeclared-input': [
    `${schema('email: { type: string }')}${log('"${{ input.email.length }} ${{ input }}"')}`,
    `input: { type: object, properties: { a: {} }, additionalProperties: true }\n${log('"${{ input.b }}"')}`,
    `input: { type: object }\n${log('"${{ input.b }}"')}`,
    `input: { anyOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }\n${log('"${{ input.b }}"')}`,
    `${schema('a: {}')}triggers: { t: { uses: webhook, with: { verify: none }, input: { a: "\${{ input.order.id }}" } } }\n${nodes(A)}`,
    `${schema('rows: { type: array, items: { type: object, properties: { a: {} } } }')}${log('"${{ input.rows[0].a }} ${{ input.rows.length }}"')}`,
  ],
  'never-equal': [
    `${schema('n: { type: integer }, s: { type: string }')}${log('"${{ input.n == null || input.n == 5 || input.s == \'x\' }}"')}`,
    `${schema('n: { type: [integer, string] }')}${log('"${{ input.n == \'5\' }}"')}`,
    log('"${{ input.n == \'5\' && now == run.startedAt }}"'),
    log('"${{ typeof input.n == \'number\' }}"'),
    log('"${{ date.parse(input.day) == null || Date.parse(input.day) == 0 }}"'),
  ],
  'foreign-template': [
    log('"${{ `a ${input.x}` }} costs $5, {a: {b: 1}}"'),
    nodes('a: { uses: code.javascript, with: { source: "return `${input.x}`" } }'),
    log('"Cost: $${{ input.x }}"'),
  ],
  'expression-in-code': [
    nodes('a: { uses: postgres.query, connection: crm, with: { sql: "select * from ${{ vars.table }}" } }').replace(
      'nodes:',
      'vars: { table: t }\nnodes:',
    ),
    nodes('a: { uses: postgres.query, connection: crm, with: { sql: "${{ input.sql }}" } }'),
    nodes('a: { uses: postgres.query, connection: crm, with: { sql: "select $1", params: ["${{ input.id }}"] } }'),
  ],
  'form-as-json': [
    `${schema('a: { type: object, additionalProperties: { type: string } }')}${log('x')}`,
    `triggers: { ask: { uses: form } }\n${schema('a: { type: array, items: { enum: [x, y] } }, b: { type: [string, "null"] }, c: { $ref: "#/$defs/c" }')}${log('x')}`.replace(
      'input: { ',
      'input: { $defs: { c: { type: number } }, ',
    ),
    nodes('a: { uses: approval, with: { to: ["role:x"], title: x, form: "${{ input.form }}" } }'),
  ],
  'respond-unheard': [
    `triggers: { t: { uses: webhook, with: { verify: none, reply: sync } } }\n${nodes('a: { uses: respond, with: { body: x } }')}`,
  ],
  'test-never-changes': [
    loop('with: { test: "${{ index < input.n }}" }'),
    loop('with: { test: true, max: unlimited }'),
    loop('with: { test: true }, timeout: 1h'),
    loop('with: { test: true }', 'b: { uses: stop, if: "${{ input.x }}" }'),
    loop('with: { test: "${{ now < input.until }}" }'),
  ],
  'state-not-yielded': [
    loop('with: { state: { n: 0 }, test: "${{ state.n < 3 }}" }, output: { n: "${{ state.n + 1 }}" }'),
    loop('with: { state: { n: 0 }, test: "${{ state.n < 3 }}" }, output: "${{ nodes.b }}"'),
    loop('with: { test: "${{ index < 3 }}" }'),
  ],
  'endless-loop': [
    loop('with: { test: true, max: unlimited }'),
    loop('with: { test: true, max: unlimited }, timeout: 1h', 'b: { uses: kv.get, with: { key: x } }'),
  ],
  'calls-itself': [nodes('a: { uses: workflow.run, with: { workflow: other } }')],
  'unread-node': [
    `${nodes(A)}output: "\${{ nodes.a }}"`,
    `${nodes(A)}output: "\${{ nodes['a'] }}"`,
    nodes('r: { uses: race, nodes: { a: { uses: set, with: { value: 1 } } } }'),
    nodes('a: { uses: set, with: { value: null } }', 'b: { uses: log, needs: [a], with: { message: x } }'),
  ],
  'empty-results': [
    nodes(
      'a: { uses: forEach, with: { items: [1] }, nodes: { b: { uses: log, with: { message: x } } } }',
      'c: { uses: log, needs: [a], with: { message: "${{ nodes.a.results.length }} ${{ nodes.a.errors[0] }}" } }',
    ),
  ],
  'no-scheme': [
    nodes('a: { uses: http.request, with: { url: "${{ vars.world }}/x" } }').replace(
      'nodes:',
      'vars: { world: "http://x" }\nnodes:',
    ),
    nodes('a: { uses: http.request, with: { url: "http://127.0.0.1:4400/x" } }'),
    nodes('a: { uses: http.request, with: { url: "https://${{ input.host }}/x", json: { url: acme.dev } } }'),
  ],
  placeholder: [
    log('"Your order is on its way: your-order-confirmation, TODO list, https://shop.example/x"'),
    nodes('a: { uses: email.send, connection: smtp, with: { to: ops@example.com, subject: x, text: x } }'),
  ],
  'possible-secret': [
    `vars: { key: orders-2024-archive, mint: EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v, token: USDC2 }\n${nodes(A)}`,
    log('"https://docs.acme.dev/spreadsheets/view?page=12&key=name 3f2504e0-4f89-41d3-9a0c-0305e82c3301"'),
    log('"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"'),
    `vars: { sheetId: 1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms }\n${nodes(A)}`,
    nodes('a: { uses: kv.get, with: { key: "price/SOL-2024" } }'),
    nodes('a: { uses: kv.get, with: { key: order4711abcd99 } }'),
    nodes(
      'a: { uses: http.request, with: { url: "https://x.acme.dev", headers: { User-Agent: acme-agent-1.2.3-build-99 } } }',
    ),
  ],
  'trigger-waits': [
    `triggers: { t: { uses: webhook, connection: github-hook, with: { verify: github } } }\n${nodes(A)}`,
  ],
  'cut-off': [
    `${nodes(A)}output: "\${{ nodes.a }}"`,
    nodes(A).trimEnd(),
    'blok: 1\nname: demo\nnodes:\n  a:\n    uses: log\n    with:\n      message: The order was placed.',
    '{ "blok": 1, "name": "demo",\n "nodes": {} }',
    `${nodes(A)}output: "\${{ nodes.a }}"\n`,
  ],
};

/** Texts with an error in the last line that were not cut off. */
export const endedTexts: readonly string[] = [
  'blok: 1\nname: demo\nnodes: { a: { uses: kv.nope } }',
  'blok: 1\nname: demo\nnodes: { a: { uses: log,, } }',
  '{ "blok": 1,\n "name": "demo",\n "nodes": { "a": { "uses": log } } }',
];
