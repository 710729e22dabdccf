/** Words of other tools, and old habits, with what this language says instead. */

/** Fields of a document, a node, a policy. */
const FIELDS: Readonly<Record<string, string>> = {
  depends_on: 'Links are written `needs: [a, b.port]`.',
  dependsOn: 'Links are written `needs: [a, b.port]`.',
  after: 'Links are written `needs: [a, b.port]`.',
  next: 'Links are written in the node that follows: `needs: [a]`.',
  type: 'The type of a node is written `uses: http.request`.',
  action: 'The type of a node is written `uses: http.request`.',
  on: 'What starts a run is written `triggers: { hook: { uses: webhook, with: { verify: none } } }`.',
  trigger: 'What starts a run is written `triggers: { hook: { uses: webhook, with: { verify: none } } }`.',
  steps: 'Nodes are a map: `nodes: { first: { uses: set, with: { value: 1 } } }`.',
  jobs: 'Nodes are a map: `nodes: { first: { uses: set, with: { value: 1 } } }`.',
  tasks: 'Nodes are a map: `nodes: { first: { uses: set, with: { value: 1 } } }`.',
  attempts: 'Attempts are written `retry: { maxAttempts: 3 }`.',
  maxRetries: 'Attempts, the first one included, are written `retry: { maxAttempts: 3 }`.',
  retries: 'Attempts, the first one included, are written `retry: { maxAttempts: 3 }`.',
  backoff: 'Back-off is written `retry: { delay: 1s, factor: 2, maxDelay: 1m }`.',
  interval: 'Back-off is written `retry: { delay: 1s, factor: 2, maxDelay: 1m }`.',
  params: 'Parameters of a node stand under `with`.',
  parameters: 'Parameters of a node stand under `with`.',
  args: 'Parameters of a node stand under `with`.',
  result: 'The value of a body or a run is `output`.',
  env: 'Variables are `vars`; secrets belong in a connection.',
  variables: 'Variables are `vars`, each with its default.',
  condition: 'A guard is written `if: "${{ … }}"`.',
  when: 'A guard is written `if: "${{ … }}"`.',
  body: 'What a container runs stands under `nodes`.',
  do: 'What a container runs stands under `nodes`.',
  credentials: 'A stored credential is named by `connection`.',
  continueOnError: 'Write `onError: continue`.',
  throttle: 'How many runs may begin in a time is written `rateLimit: { limit: 100, per: 1m }`.',
  throttling: 'How many runs may begin in a time is written `rateLimit: { limit: 100, per: 1m }`.',
  ratelimit: 'How many runs may begin in a time is written `rateLimit: { limit: 100, per: 1m }`.',
  rate_limit: 'How many runs may begin in a time is written `rateLimit: { limit: 100, per: 1m }`.',
  period: 'The time of a limit is `per` (`rateLimit`), `quiet` (`debounce`) or `within` (`batch`).',
  batchEvents: 'Several events make one run with `batch: { size: 100, within: 5m }`.',
  singleton: 'One run at a time is written `concurrency: { limit: 1 }`.',
  maxWait: 'The longest wait is `atMost` (`debounce`) or `within` (`batch`).',
  maxSize: 'How many events make a run is `size`.',
  title: 'Text for people is `label`.',
  description: 'Text for people is `label`, and `notes` for more.',
};

/** Parameters: what to write instead, and the parameter that the type must have for that. */
const PARAMETERS: Readonly<Record<string, readonly (readonly [parameter: string, hint: string])[]>> = {
  body: [
    ['json', 'What is sent is `json`, `form`, `multipart`, `text` or `binary`, by its kind.'],
    ['html', 'The text of a mail is `text`, `html` or both.'],
  ],
  data: [
    ['json', 'What is sent is `json`, `form`, `multipart`, `text` or `binary`, by its kind.'],
    ['value', 'Write `value`.'],
  ],
  statusCode: [
    ['status', 'Write `status`.'],
    ['okStatuses', '`okStatuses` says which answers count as success.'],
  ],
  code: [['source', 'Write `source`.']],
  script: [['source', 'Write `source`.']],
  query: [['sql', 'The statement is `sql`.']],
  statement: [['sql', 'The statement is `sql`.']],
  values: [['params', 'Values of `$1`, `$2` are the list `params`.']],
  uri: [['url', 'Write `url`.']],
  params: [['query', 'What is added to the address is `query`.']],
  condition: [['test', 'Write `test`.']],
  duration: [['for', 'Write `for: 5m`, or `until` with a time.']],
  seconds: [['for', 'Write `for: 5s`.']],
  list: [['items', 'Write `items`.']],
  array: [['items', 'Write `items`.']],
};

/** Fields of an output in other tools, and what may hold the same here. */
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  statusCode: ['status'],
  status_code: ['status'],
  code: ['status', 'exitCode'],
  data: ['body', 'rows', 'items'],
  json: ['body'],
  content: ['body', 'text'],
  response: ['body'],
  result: ['body', 'rows', 'value'],
  results: ['rows', 'items'],
  records: ['rows', 'items'],
};

/** Fields around an output in other tools, which have no counterpart here. */
const AROUND: ReadonlySet<string> = new Set(['output', 'outputs', 'response', 'result']);

/** Types of nodes in other tools. */
const TYPES: readonly (readonly [RegExp, hint: string])[] = [
  [/^(?:http|fetch|request|httpRequest|curl|api)$/i, 'Write `uses: http.request`.'],
  [/^(?:delay|sleep|pause|timer)$/i, 'Write `uses: wait, with: { for: 5m }`.'],
  [/^(?:code|script|function|javascript|js)$/i, 'Write `uses: code.javascript`.'],
  [
    /^(?:loop|each|for|map|splitInBatches)$/i,
    '`forEach` runs its `nodes` for each item of a list, `while` as long as a test holds.',
  ],
  [/^(?:condition|choice|branch|filterBranch|router)$/i, 'Write `uses: if` or `uses: switch`.'],
  [/^parallel$/i, 'Nodes that do not need each other run in parallel anyway.'],
  [/^(?:email|mail|sendEmail|sendMail)$/i, 'Write `uses: email.send`.'],
  [/^(?:sql|query|postgres|postgresql|database|db)$/i, 'Write `uses: postgres.query`.'],
  [/^(?:workflow|subworkflow|executeWorkflow|call)$/i, 'Write `uses: workflow.run`.'],
];

/** Fields that name the type of a node in other tools. */
const TYPE_FIELDS: ReadonlySet<string> = new Set(['type', 'action']);

/**
 * What to write instead of a field that the language does not have; undefined if nothing is known about it.
 *
 * @param value what the field holds: a type, repeated in the hint
 */
export function foreignField(key: string, value?: unknown): string | undefined {
  const hint = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
  const isType = TYPE_FIELDS.has(key) && typeof value === 'string' && /^[A-Za-z][\w.@]{0,60}$/.test(value);
  return isType ? hint?.replace('http.request', value) : hint;
}

/** The path within an output that was probably meant by a path from another tool: `response.body` is `body`. */
export function foreignOutput(path: readonly string[], known: readonly string[]): readonly string[] | undefined {
  const [field = '', ...rest] = path;
  if (AROUND.has(field) && rest.length > 0) return known.includes(rest[0]!) ? rest : foreignOutput(rest, known);
  const meant = (Object.hasOwn(OUTPUTS, field) ? OUTPUTS[field]! : []).find((name) => known.includes(name));
  return meant === undefined ? undefined : [meant, ...rest];
}

/** What to write instead of a type that other tools have; undefined if nothing is known about it. */
export const foreignType = (type: string): string | undefined => TYPES.find(([names]) => names.test(type))?.[1];

/** What to write instead of a parameter that a type does not have, if the type has the parameter that was meant. */
export function foreignParameter(key: string, known: readonly string[]): string | undefined {
  const meant = Object.hasOwn(PARAMETERS, key) ? PARAMETERS[key]! : [];
  return meant.find(([parameter]) => known.includes(parameter))?.[1];
}
