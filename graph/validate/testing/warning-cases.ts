import { A, type Cases, log, loop, nodes, schema, tool } from './graphs.ts';

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
  'undeclared-argument': [
    [
      tool('', 'item.args.order'),
      '/nodes/a/nodes/b/with/key',
      '`item.args.order` is read, but the tool `b` has no `parameters`',
    ],
    [tool('', 'loops.a.item.args.order'), '/nodes/a/nodes/b/with/key', 'gives no arguments'],
    [
      tool(', parameters: { type: object, properties: { order: {} } }', 'item.args.ordre'),
      '/nodes/a/nodes/b/with/key',
      'Did you mean `order`?',
    ],
    [
      tool(', approval: { to: ["role:x"], title: "${{ item.args.why }}" }', 'item.id'),
      '/nodes/a/with/tools/b/approval/title',
      '`item.args.why`',
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
    [log('"{{123456__name}} {{1.data.name}}"'), '/nodes/a/with/message', '{{123456__name}}'],
    [log('"Hello {input.name}"'), '/nodes/a/with/message', '`{input.name}`'],
    [log('"Hello {{ $json.name }}"'), '/nodes/a/with/message', '{{ $json.name }}'],
    [log('"Hello {{name}}"'), '/nodes/a/with/message', '{{name}}'],
    [log("'Hello ${name}, ${{ input.x }}'"), '/nodes/a/with/message', '${name}'],
    [log('"{% if x %}"'), '/nodes/a/with/message', '{% if x %}'],
    [`vars: { x: "{{ y }}" }\n${nodes(A)}`, '/vars/x', '{{ y }}'],
  ],
  'expression-in-code': [
    ...[
      "'select '.concat(input.id)",
      "['select', input.id].join(' ')",
      "input.id ? `select ${input.id}` : 'select 1'",
    ].map((sql): [string, string, string] => [
      nodes(`a: { uses: postgres.query, connection: crm, with: { sql: "\${{ ${sql} }}" } }`),
      '/nodes/a/with/sql',
      'a quote changes the code',
    ]),
    [
      nodes(
        "a: { uses: postgres.query, connection: crm, with: { sql: \"${{ regex.replace('select :id', ':id', input.id) }}\" } }",
      ),
      '/nodes/a/with/sql',
      'a quote changes the code',
    ],
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
  'nothing-held': [
    [`batch: { size: 5, within: 1m }\n${log('"${{ input.items }}"')}`, '/batch', 'no trigger of the graph fires'],
    [`debounce: { quiet: 1m }\ntriggers: { t: { uses: call } }\n${log('x')}`, '/debounce', '`debounce` has no effect'],
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
    [
      loop('with: { state: { n: 0 }, test: "${{ state.n < 3 }}" }, output: { n: "${{ state.n }}" }'),
      '/nodes/c/output',
      'the same in every round',
    ],
    [
      loop(
        'with: { state: { n: 0, after: a }, test: "${{ state.n < 3 }}" }, output: { n: "${{ state.n + 1 }}" }',
        'b: { uses: kv.get, with: { key: "${{ state.after }}" } }',
      ),
      '/nodes/c/output',
      'does not yield `after`',
    ],
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
      `triggers: { t: { uses: event, with: { event: paid } } }\n${nodes('a: { uses: event.emit, with: { event: paid } }')}`,
      '/nodes/a/with/event',
      'which starts demo',
    ],
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
    [log('"sk-xxxxxxxx"'), '/nodes/a/with/message', 'sk-xxxxxxxx'],
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
    [
      nodes(
        'a: { uses: code.javascript, with: { source: "const headers = { apiToken: \'a8F3kQ9zX2mL5vB7\' }; return 1" } }',
      ),
      '/nodes/a/with/source',
      '`apiToken`',
    ],
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
  'retired-value': [
    [
      nodes('a: { uses: openai.generateText, connection: openai, with: { model: old-1, messages: [] } }'),
      '/nodes/a/with/model',
      'retires on 2026-12-11',
    ],
    [
      nodes(
        'a: { uses: ai.agent, connection: openai, with: { model: old-1, input: x, tools: { b: { description: B. } } }, nodes: { b: { uses: wait, with: { for: 1s } } } }',
      ),
      '/nodes/a/with/model',
      'new-2',
    ],
    [
      nodes(
        'l: { uses: forEach, with: { items: [1] }, nodes: { a: { uses: openai.generateText, connection: openai, with: { model: old-1, messages: [] } } } }',
      ),
      '/nodes/l/nodes/a/with/model',
      '`old-1`',
    ],
  ],
  'missing-scope': [
    [
      nodes('a: { uses: slack.sendMessage, connection: read-slack, with: { channel: c, text: x } }'),
      '/nodes/a/connection',
      '`chat:write`',
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
