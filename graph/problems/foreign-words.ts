/** Words of other tools, and old habits, with what this language says instead. */

/** Fields of a document, a node, a policy. */
const FIELDS: Readonly<Record<string, string>> = {
  depends_on: 'Links are written `needs: [a, b.port]`.',
  dependsOn: 'Links are written `needs: [a, b.port]`.',
  after: 'Links are written `needs: [a, b.port]`.',
  next: 'Links are written in the node that follows: `needs: [a]`.',
  type: 'The type of a node is written `uses: http.request`.',
  action: 'The type of a node is written `uses: http.request`.',
  on: 'What starts a run is written `triggers: { hook: { uses: webhook } }`.',
  trigger: 'What starts a run is written `triggers: { hook: { uses: webhook } }`.',
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

/** What to write instead of a field that the language does not have; undefined if nothing is known about it. */
export function foreignField(key: string): string | undefined {
  return Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
}

/** What to write instead of a parameter that a type does not have, if the type has the parameter that was meant. */
export function foreignParameter(key: string, known: readonly string[]): string | undefined {
  const meant = Object.hasOwn(PARAMETERS, key) ? PARAMETERS[key]! : [];
  return meant.find(([parameter]) => known.includes(parameter))?.[1];
}
