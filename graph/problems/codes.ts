import type { Problem, Severity } from './problem.ts';

/** What a problem code means, and how to fix the problem. */
export interface CodeEntry {
  readonly meaning: string;
  readonly mend: string;
  /** `error` if not given. */
  readonly severity?: Severity;
}

/**
 * Every problem code of the language. A code is a promise to programs that read problems: its meaning never changes,
 * but codes may be added. `docs/language.md` lists the codes from this table.
 */
export const CODES = {
  // The text
  syntax: {
    meaning: 'The text is not YAML or JSON.',
    mend: 'Fix the place shown. In YAML, quote texts with `${{ }}` inside `{ }` or `[ ]`.',
  },
  'too-large': {
    meaning: 'The document is larger, deeper or has more nodes than allowed.',
    mend: 'Split it: a part of a graph can be its own workflow, called with `workflow.run`.',
  },
  'not-plain-yaml': {
    meaning: 'An anchor, alias, tag, merge key, directive or second document: YAML that JSON cannot express.',
    mend: 'Write the value out.',
  },
  'duplicate-key': { meaning: 'A map has the same key twice.', mend: 'Remove or rename one of them.' },
  'bad-text': {
    meaning:
      'A number or text that would not stay as it is written: `.inf`, `9007199254740993`, `01234`, half a Unicode pair.',
    mend: 'Quote the number, so that it is a text, or fix the text.',
  },
  'bad-key': {
    meaning: 'A key that is not a text, or is `__proto__`.',
    mend: 'Use another key, quoted if it is a number or empty.',
  },
  // The shape of the document
  'unsupported-language': { meaning: 'The document is not in language version 1.', mend: 'Begin it with `blok: 1`.' },
  'unknown-key': {
    meaning: 'The language has no such field here.',
    mend: 'Correct the spelling; keep foreign data under `meta`.',
  },
  'missing-field': { meaning: 'A required field is missing.', mend: 'Add it.' },
  'bad-value': {
    meaning: 'A field holds a value that it cannot hold.',
    mend: 'Give it a value of the kind that the message names.',
  },
  'bad-name': {
    meaning: 'A workflow name must match `[a-z][a-z0-9-]{0,62}`.',
    mend: 'Use lower case letters, digits and hyphens; `label` takes free text.',
  },
  'bad-id': {
    meaning: 'Ids and ports match `[A-Za-z][A-Za-z0-9_]{0,63}`.',
    mend: 'Rename it; `label` takes free text.',
  },
  'bad-duration': {
    meaning: 'Not a duration.',
    mend: 'Write whole numbers with units, largest first: `250ms`, `90s`, `1h30m`, `2d`, `4w`; at most 100 years.',
  },
  'reserved-id': {
    meaning: 'The id means something in the language: `out error timeout catch finally compensate notify`.',
    mend: 'Choose another id.',
  },
  'duplicate-id': {
    meaning: 'An id is used by a trigger and by a node at any depth, or both inside a container and around it.',
    mend: 'Rename one of them.',
  },
  'bad-schema': {
    meaning: 'Not a JSON Schema, or a plain map of fields, which would accept anything.',
    mend: 'Fix the keyword shown; see json-schema.org, draft 2020-12. Patterns are RE2: no look-around, no back-references.',
  },
  'schema-too-costly': {
    meaning:
      'No value could be checked against the JSON Schema in time: it is nested too deep, or too many schemas apply to one value.',
    mend: 'Refer to each schema once, and nest less.',
  },
  // Types and parameters
  'unknown-type': {
    meaning: 'There is no such node or trigger type.',
    mend: 'Correct `uses`. A node of your own is found with `BLOK_NODES`.',
  },
  'unknown-version': {
    meaning: 'The catalogue does not have this major version of the type.',
    mend: 'Use a version it has, or leave `@major` out.',
  },
  'field-not-allowed': {
    meaning: 'This type of node does not have the field.',
    mend: 'Remove it, or use a type that has it.',
  },
  'missing-parameter': { meaning: 'A required parameter is not given.', mend: 'Add it under `with`.' },
  'unknown-parameter': { meaning: 'The type has no such parameter.', mend: 'Correct the spelling or remove it.' },
  'bad-parameter': {
    meaning: 'The parameter does not fit the schema of the type.',
    mend: 'Give it a value of the kind that the message names, or an expression that yields one.',
  },
  'type-mismatch': {
    meaning:
      'The expression yields a kind of value that the parameter or the condition never takes, or a condition is a constant of another kind.',
    mend: 'Read another field, or convert it.',
  },
  'expression-not-allowed': {
    meaning: 'An expression stands where only a constant is allowed.',
    mend: 'Write a constant.',
  },
  'inline-secret': {
    meaning: 'The document seems to hold a key, token or password.',
    mend: 'Keep it in a connection and name that under `connection`; then change the secret, because it has been written down.',
  },
  'missing-connection': { meaning: 'The type needs a connection and none is named.', mend: 'Add `connection`.' },
  'unknown-connection': {
    meaning: 'The workspace has no connection of this name.',
    mend: 'Create it, or name another.',
  },
  'wrong-connection': {
    meaning: 'The connection is of a type this node cannot use.',
    mend: 'Name a connection of the type the message asks for.',
  },
  'unknown-prompt': {
    meaning: 'The workspace has no such prompt, or not that version of it.',
    mend: 'Write it with `blok prompts set`, or correct the name or the version.',
  },
  'bad-retry': {
    meaning: 'The retry fields contradict each other or the timeout.',
    mend: 'See the message; the timeout bounds all attempts and pauses together.',
  },
  'local-not-allowed': {
    meaning:
      '`dispatch: local` is only for reads and idempotent effects with a timeout of at most 2 s and no pause over 1 s.',
    mend: 'Remove `dispatch`, or set shorter limits.',
  },
  'bad-inline': {
    meaning: '`compensate` or `notify` must be an effect.',
    mend: 'Use a type from the catalogue, such as `http.request`.',
  },
  'bad-case': {
    meaning:
      'A case of a `switch` has a port that is reserved or used twice, or it has neither or both of `is` and `when`.',
    mend: 'Give each case its own `port`, and either `is` (constants) or `when` (an expression).',
  },
  'bad-try': {
    meaning: 'A `try` has neither `catch` nor `finally`, and is no tool of an agent.',
    mend: 'Add one of them.',
  },
  'bad-race': {
    meaning: 'A race that no node can win.',
    mend: 'Give it a node that succeeds; `stop` and `fail` cannot win.',
  },
  'tool-mismatch': {
    meaning: 'An agent tells its model of a tool that has no node, or has a node that is no tool.',
    mend: 'Give each tool in `with.tools` a node of the same id in `nodes`, and each node a tool.',
  },
  'bad-tool': {
    meaning: 'A tool of an agent cannot be told to a model: its name, its description, or what it takes.',
    mend: 'Correct what the message names.',
  },
  'bad-agent': {
    meaning: 'An agent without tools or with too many, or a step of an agent as a node of its own.',
    mend: 'List tools under `with.tools` and give each a node, or list MCP servers under `with.mcp`.',
  },
  'stop-in-finally': {
    meaning: '`stop` cannot end a run from a `finally`, which may run because of a failure.',
    mend: 'Move the `stop` after the `try`.',
  },
  'missing-allow': { meaning: 'A workflow chosen by an expression must be in a list.', mend: 'Add `allow: [names]`.' },
  'bad-limit': {
    meaning: 'A limit on the runs of the workflow contradicts itself, or another one.',
    mend: 'See the message, and [how many run at once](#how-many-run-at-once).',
  },
  'cannot-answer': {
    meaning:
      'A graph with `debounce` or `batch` has a trigger whose caller waits for the run: a form, or a webhook with `reply: sync`. The run may begin much later, and for several callers.',
    mend: 'Answer at once: remove `reply`. Or let the trigger belong to a graph of its own, which sends an event (`event.emit`) that this one collects.',
  },
  'unknown-workflow': {
    meaning: 'The workspace has no workflow of this name.',
    mend: 'Create it, or correct the name.',
  },
  // Links
  'dangling-link': {
    meaning: '`needs` names no node of this body.',
    mend: 'Correct the id. Links never cross the border of a container; expressions inside see the nodes upstream of the container.',
  },
  'bad-link': { meaning: 'A link is written `id` or `id.port`.', mend: 'Correct it.' },
  'duplicate-link': { meaning: 'The same link appears twice.', mend: 'Remove one.' },
  cycle: { meaning: 'Nodes need each other in a circle.', mend: 'Loops are containers: use `while` or `forEach`.' },
  'wrong-port': { meaning: 'The node has no such port.', mend: 'Use one of the ports the message lists.' },
  'port-needed': {
    meaning: 'The node chooses between named ports, and the link does not say which.',
    mend: 'Write `id.port`; list several links to come after any of them.',
  },
  'handled-twice': {
    meaning: 'A failure is handled both by a link from `.error` and by `onError: continue`.',
    mend: 'Remove the link or `onError`.',
  },
  'join-unclear': {
    meaning:
      'There are outcomes in which one link is live and another is not, so it matters whether the node waits for all.',
    mend: 'Write `join: all` or `join: any`.',
  },
  'never-runs': {
    meaning: 'The links of the node can never all be live, so `join: all` never starts it.',
    mend: 'Use `join: any`, or correct the links.',
  },
  unreachable: {
    meaning: 'No outcome leads to this node.',
    mend: 'Link it to a port that can be taken, or remove it.',
  },
  // Expressions
  'not-in-scope': {
    meaning: 'The name does not exist here.',
    mend: 'See the scope rules: `item`, `index`, `state` in loops, `error` where a failure is handled, `resume` in `notify`.',
  },
  'unknown-node': { meaning: 'The graph has no such node.', mend: 'Correct the id.' },
  'not-visible': {
    meaning: 'The node is inside a container, and the expression is not.',
    mend: 'Let the container yield the value through its `output`.',
  },
  'not-upstream': {
    meaning: 'The node does not come before this place, so its output may not be there yet.',
    mend: 'Add it to `needs`.',
  },
  'may-be-null': {
    meaning:
      'There is an outcome in which the value that is read is null: the node did not succeed (`nodes`), it did not fail (`errors`), or no error is being handled (`error`).',
    mend: 'Read it with `?.`, and give a fallback with `??`.',
  },
  'unknown-field': {
    meaning: 'The output of the node, or `run`, `error`, `errors.<id>`, `trigger` or `resume`, never has this field.',
    mend: 'Correct the name; see the outputs of the type.',
  },
  'unknown-var': { meaning: 'The graph declares no such variable.', mend: 'Add it under `vars`, with a default.' },
  'unknown-loop': {
    meaning: 'The expression is not inside a loop with this id.',
    mend: 'Use the id of a `forEach` or `while` around the expression.',
  },
  // Warnings: what the language allows but hardly anybody means
  'undeclared-input': {
    severity: 'warning',
    meaning: 'The `input` schema does not declare the field that is read, so nothing checks that it exists.',
    mend: 'Correct the name, or declare it under `properties`.',
  },
  'undeclared-argument': {
    severity: 'warning',
    meaning: 'A tool of an agent reads an argument of which the model is not told, so no call gives it.',
    mend: 'Correct the name, or declare it in `parameters` of the tool.',
  },
  'never-equal': {
    severity: 'warning',
    meaning: 'Two values that can never be equal are compared, such as a number and a text.',
    mend: 'Compare values of one kind: without quotes for a number, with `String(…)` for a text; correct a misspelt word.',
  },
  'foreign-template': {
    severity: 'warning',
    meaning: 'A text contains the template syntax of another tool, which stays as it is written.',
    mend: 'Write it as `${{ … }}`.',
  },
  'expression-in-code': {
    severity: 'warning',
    meaning: 'An expression puts a value into the text of SQL or of a script, where the value is run as code.',
    mend: 'Pass it as a parameter: `$1` and `params` in SQL, `input` in a script.',
  },
  'respond-unheard': {
    severity: 'warning',
    meaning: '`respond` answers a waiting caller, but the graph has no webhook whose caller waits.',
    mend: 'Declare `triggers: { ask: { uses: webhook, with: { verify: none, reply: sync } } }`, or yield the value as `output`.',
  },
  'test-never-changes': {
    severity: 'warning',
    meaning: 'The `test` of a `while` reads nothing that changes from round to round.',
    mend: 'Let it read `state` or `index`; to do something once, use `if`.',
  },
  'state-not-yielded': {
    severity: 'warning',
    meaning: 'The body of a `while` does not yield the next `state` that is read.',
    mend: 'Give the loop an `output`, which becomes the next `state`.',
  },
  'endless-loop': {
    severity: 'warning',
    meaning: 'A `while` that never ends and never waits.',
    mend: 'Put a `wait` into it, give it a `test`, a `max` or a `timeout`, or leave it with `stop`.',
  },
  'calls-itself': {
    severity: 'warning',
    meaning: 'The graph starts a run of itself, or sends an event that starts it.',
    mend: 'Loop with `while` or `forEach`; if this is intended, make sure that some run ends the chain.',
  },
  'unread-node': {
    severity: 'warning',
    meaning: 'A node only computes or chooses, but nothing reads its result or follows its ports.',
    mend: 'Read its result as `nodes.<id>`, or remove it.',
  },
  'empty-results': {
    severity: 'warning',
    meaning: 'The `results` of a `forEach` are read, but its body has no `output`: all of them are null.',
    mend: 'Give the loop an `output`: what each item yields.',
  },
  'no-scheme': {
    severity: 'warning',
    meaning: 'An address without a scheme.',
    mend: 'Begin it with `https://`.',
  },
  'retired-value': {
    severity: 'warning',
    meaning: 'A value that stops working on a day, or has stopped: a model that its provider retires.',
    mend: 'Use the value that the provider recommends, and try it before the day.',
  },
  placeholder: {
    severity: 'warning',
    meaning: 'A placeholder that has not been filled in: `example.com`, `YOUR_KEY`, `<your token>`.',
    mend: 'Fill it in; keep keys and passwords in a connection.',
  },
  'possible-secret': {
    severity: 'warning',
    meaning: 'A value that looks like a key, a token or a password, in a field or in an address.',
    mend: 'If it is a secret, keep it in a connection and change it, because it has been written down. If not, keep it in a field named for what it is, such as an id.',
  },
  'form-as-json': {
    severity: 'warning',
    meaning: 'A form has no field for a part of its schema, so the page asks for that part as JSON.',
    mend: 'Give the part one `type`, an `enum` or constants with titles; list the `properties` of an object, and let the items of a list be of one kind.',
  },
  'missing-scope': {
    severity: 'warning',
    meaning: 'The service has not given the connection what the node needs, so its calls will be refused.',
    mend: 'Add the scope to the connection, and connect it again: `blok connection connect NAME`.',
  },
  'trigger-waits': {
    severity: 'warning',
    meaning: 'The workspace has no connection of this name yet, so the trigger starts nothing.',
    mend: 'Store the connection: the published trigger begins to work by itself. Or correct the name.',
  },
  'nothing-held': {
    severity: 'warning',
    meaning: 'A graph with `debounce` or `batch` has no trigger that fires by itself, and calls are never held.',
    mend: 'Give it a trigger, such as a `webhook` or an `event`; or remove the word.',
  },
  'cut-off': {
    severity: 'warning',
    meaning: 'The document may have been cut off.',
    mend: 'Compare its end with the original, and add what is missing; a whole text ends with a line break.',
  },
} as const satisfies Record<string, CodeEntry>;

/** A code of the table above. Codes of expressions are in `graph/expression`. */
export type ProblemCode = keyof typeof CODES;

/** How severe problems with a code are. */
export const severityOf = (code: ProblemCode): Severity => (CODES[code] as CodeEntry).severity ?? 'error';

/** Longest message: a message may quote the document, and that may be long. */
const MAX_MESSAGE = 1_000;

/** Makes a problem. Its hint is that of the code, unless a better one is given. */
export function problem(code: ProblemCode, path: string, message: string, hint: string = CODES[code].mend): Problem {
  const shown = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 1)}…` : message;
  return { severity: severityOf(code), code, path, message: shown, hint };
}
