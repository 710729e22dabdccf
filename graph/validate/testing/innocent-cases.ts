import { A, log, loop, nodes, schema, tool } from './graphs.ts';

/** Graphs that look like one of the mistakes of `warning-cases.ts`, but are correct. */
export const innocent: Readonly<Record<string, readonly string[]>> = {
  'undeclared-input': [
    `${schema('email: { type: string }')}${log('"${{ input.email.length }} ${{ input }}"')}`,
    `input: { type: object, properties: { a: {} }, additionalProperties: true }\n${log('"${{ input.b }}"')}`,
    `input: { type: object }\n${log('"${{ input.b }}"')}`,
    `input: { anyOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }\n${log('"${{ input.b }}"')}`,
    `${schema('a: {}')}triggers: { t: { uses: webhook, with: { verify: none }, input: { a: "\${{ input.order.id }}" } } }\n${nodes(A)}`,
    `${schema('rows: { type: array, items: { type: object, properties: { a: {} } } }')}${log('"${{ input.rows[0].a }} ${{ input.rows.length }}"')}`,
  ],
  'undeclared-argument': [
    tool('', 'item.id'),
    tool(', parameters: { type: object }', 'item.args.order'),
    tool(', parameters: { type: object, properties: { order: {} } }', 'item.args.order'),
    // Another `item`: that of a loop in the tool.
    nodes(
      'a: { uses: ai.agent, connection: openai, with: { model: m, input: x, tools: { b: { description: B. } } }, nodes: { b: { uses: forEach, with: { items: [{ args: { c: d } }] }, nodes: { c: { uses: kv.get, with: { key: "${{ item.args.c }}" } } } } } }',
    ),
  ],
  'never-equal': [
    `${schema('n: { type: integer }, s: { type: string }')}${log('"${{ input.n == null || input.n == 5 || input.s == \'x\' }}"')}`,
    `${schema('n: { type: [integer, string] }')}${log('"${{ input.n == \'5\' }}"')}`,
    log('"${{ input.n == \'5\' && now == run.startedAt }}"'),
    log('"${{ typeof input.n == \'number\' }}"'),
    log('"${{ date.parse(input.day) == null || Date.parse(input.day) == 0 }}"'),
  ],
  'foreign-template': [
    log('"{ input: 1 } {name} {{ 1 }} {inputs.x} 100 {item}"'),
    log('"${{ `a ${input.x}` }} costs $5, {a: {b: 1}}"'),
    nodes('a: { uses: code.javascript, with: { source: "return `${input.x}`" } }'),
    log('"Cost: $${{ input.x }}"'),
  ],
  'expression-in-code': [
    nodes(
      "a: { uses: postgres.query, connection: crm, with: { sql: \"${{ input.x ? 'select 1' : 'select 2' }}\" } }",
      'b: { uses: postgres.query, connection: crm, with: { sql: "${{ input.sql.trim() ?? \'select 1\' }}" } }',
      "c: { uses: postgres.query, connection: crm, with: { sql: \"${{ ['select 1', 'order by 1'].join(' ') }}\" } }",
    ),
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
  'nothing-held': [
    `batch: { size: 5, within: 1m, key: "\${{ input.customer }}" }
input: { type: object, properties: { items: { type: array } }, additionalProperties: false }
triggers: { t: { uses: event, with: { event: x } }, c: { uses: call } }
${log('"${{ input.items.length }}"')}`,
    `debounce: { quiet: 1m }\ntriggers: { t: { uses: schedule, with: { every: 1m } } }\n${log('x')}`,
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
    loop(
      'with: { state: { n: 0, after: a }, test: "${{ state.n < 3 }}" }, output: { n: "${{ state.n + 1 }}" }',
      'b: { uses: kv.get, with: { key: "${{ state.after ?? \'z\' }}" } }',
    ),
    loop(
      'with: { state: { n: 0, after: a }, test: "${{ state.n < 3 }}" }, output: "${{ ({ ...state, n: state.n + 1 }) }}"',
      'b: { uses: kv.get, with: { key: "${{ state.after }}" } }',
    ),
    loop('with: { state: { n: 0 }, test: "${{ state.n < 3 && now < input.until }}" }, output: { n: "${{ state.n }}" }'),
    loop('with: { state: { n: 0 }, test: "${{ state.n < 3 }}" }, output: { n: "${{ state.n + 1 }}" }'),
    loop('with: { state: { n: 0 }, test: "${{ state.n < 3 }}" }, output: "${{ nodes.b }}"'),
    loop('with: { test: "${{ index < 3 }}" }'),
  ],
  'endless-loop': [
    loop('with: { test: true, max: unlimited }'),
    loop('with: { test: true, max: unlimited }, timeout: 1h', 'b: { uses: kv.get, with: { key: x } }'),
  ],
  'calls-itself': [
    nodes('a: { uses: workflow.run, with: { workflow: other } }'),
    `triggers: { t: { uses: event, with: { event: paid }, if: "\${{ trigger.data.depth < 3 }}" } }\n${nodes('a: { uses: event.emit, with: { event: paid } }', 'b: { uses: event.emit, with: { event: sent } }')}`,
  ],
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
    log('"Card xxxxxxxxxxxx1234, size xxl, xxx-small"'),
    log('"Your order is on its way: your-order-confirmation, TODO list, https://shop.example/x"'),
    nodes('a: { uses: email.send, connection: smtp, with: { to: ops@example.com, subject: x, text: x } }'),
  ],
  'possible-secret': [
    nodes(
      "a: { uses: code.javascript, with: { source: \"const digest = 'a8F3kQ9zX2mL5vB7'; const sortKey = 'created_at_2024'; let token = input.token1234567; return 1\" } }",
    ),
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
  'retired-value': [
    nodes('a: { uses: openai.generateText, connection: openai, with: { model: new-2, messages: [old-1] } }'),
    nodes('a: { uses: openai.generateText, connection: openai, with: { model: "${{ input.model }}", messages: [] } }'),
    log('old-1'),
  ],
  'missing-scope': [
    nodes('a: { uses: slack.sendMessage, connection: write-slack, with: { channel: c, text: x } }'),
    nodes('a: { uses: slack.sendMessage, connection: team-slack, with: { channel: c, text: x } }'),
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
