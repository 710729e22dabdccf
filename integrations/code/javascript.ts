import { z } from 'zod';
import { defineNode } from '../define.ts';
import { duration, json } from '../schema.ts';

const NOTES = `
**What a script has.** The JavaScript language itself with \`Intl\` (all languages and time zones), \`input\`, \`await\`, \`console.log\` (written to the
step's log, 200 lines), \`parseCsv\`, and for bytes \`TextDecoder\`, \`TextEncoder\`, \`atob\` and \`btoa\`. There are no modules, network, files, timers,
environment or secrets: pass data in through \`input\`, and fetch it with \`http.request\` in an earlier step.

**CSV.** \`parseCsv(text, { separator = ',', header = true })\` returns a list of objects keyed by the header line, or a list of lists. It reads quotes,
line breaks within them, CRLF and byte order marks; an empty line is not a row. Nothing is dropped: a second column \`price\` becomes \`price_2\`, the
third column, if it has no name, becomes \`column_3\`, a field that a row lacks is null, and a row with more fields than the header is an error that
gives the number of the row.

**Bytes.** \`TextDecoder\` knows every encoding that browsers know, such as \`windows-1252\`, \`iso-8859-15\`, \`shift_jis\`, \`gb18030\` and \`utf-16le\`, and
takes \`fatal\` and \`ignoreBOM\`; it takes all bytes at once, so there is no \`stream\`. Bytes arrive as base64 (\`responseAs: base64\` of \`http.request\`):
\`new TextDecoder('windows-1252').decode(Uint8Array.from(atob(input), (c) => c.charCodeAt(0)))\`.

**What it returns** is JSON, and nothing is lost on the way: NaN, infinities, half characters (lone surrogates), Map, Set, Error, RegExp, BigInt, functions, symbols, bytes, instances
of classes, values that contain themselves and lists with empty places fail with \`code.output\`, which says where (\`seen.x[2]\`). A Date is its ISO
text, \`toJSON\` is called, a field that is undefined is left out, and undefined in a list is null. Numbers are doubles, so an integer beyond 2^53
fails too: its last digits were lost when the script read or computed it. Keep such ids as text; \`BigInt(text)\` can compute with them.

**Limits.** At most 1 MiB of JSON in and 1 MiB out (200 levels deep), 128 MiB of heap, a wall-clock limit of \`timeout\` (at most 10 s; a script has
nothing to wait for, so this is its CPU limit too), 64 KiB of source. Scripts run without a JIT compiler: glue code is fast, number crunching is not.

**Turns.** A few scripts run at a time, and runs take turns. A script that takes longer than a second may be ended and run again from its start, once, so
that scripts of other runs need not wait for it. Neither waiting nor being run again counts against \`timeout\`, and log lines are written once.

**The boundary.** Each run gets a fresh process that ends with it: empty environment, Node's permission model (no files, processes, threads,
addons), no code from strings, frozen built-ins, a session of its own, limits on memory and CPU time, and inside it a
separate realm that shares no object with the host and has no global but the language's own and those described here.
Before the script begins, the process gives up all else that Node offers: modules, sockets, signals. Around the process stands the strongest wall the machine offers:

- \`bwrap\` (Linux with bubblewrap and user namespaces): its own network (none), processes, users and mounts; of the file system only Node and
  the system's libraries, read-only.
- \`namespaces\` (Linux with util-linux and user namespaces): its own network (none), processes and users; files are blocked by Node's permission
  model.
- \`process\` (any POSIX system): if the worker runs as root and \`setpriv\` is there, another user; otherwise nothing more. No
  operating-system wall stands between an escaped script and the network, or the other processes of its user.

Under \`process\` the language still gives a script no access to the network and no way to signal the worker, but an exploit of the
JavaScript engine that runs machine code would. Install bubblewrap if strangers write scripts. The strongest wall that works is used. A script never runs in the worker's own process.
`.trim();

/** Runs the author's script in a sandbox. */
export const javascript = defineNode({
  type: 'code.javascript',
  version: '1.0.0',
  title: 'JavaScript',
  description:
    'Runs a short script in a single-use sandbox without network, files or secrets, and returns what the script returns. ' +
    'Use it for what expressions cannot do; use http.request and the other nodes for everything that touches the outside world.',
  effect: 'read',
  queue: 'code',
  timeout: '10m',
  retry: {
    maxAttempts: 4,
    delay: '1s',
    factor: 2,
    maxDelay: '30s',
    attemptTimeout: '2m',
    giveUpOn: ['code.error', 'code.syntax', 'code.timeout', 'code.memory', 'code.input', 'code.output', 'code.pending'],
  },
  input: z.strictObject({
    source: z
      .string()
      .min(1)
      .max(65_536)
      .describe('Body of an async function: `input` is in scope, `return` gives the output. Strict mode.'),
    input: json().prefault(null).describe('What the script sees as `input`.'),
    timeout: duration('10ms', '10s').default('5s').describe('Time limit for the script, counted from its start.'),
  }),
  output: json().describe('What the script returned; null if it returned nothing.'),
  examples: [
    {
      title: 'Rows of a CSV file',
      with: { source: 'return parseCsv(input.text)', input: { text: 'id,name\n1,Ann\n2,Ben\n' } },
    },
    {
      title: 'Group amounts by customer',
      with: {
        source:
          'const sums = {};\nfor (const { customer, amount } of input) {\n  sums[customer] = (sums[customer] ?? 0) + amount;\n}\nreturn sums;',
        input: [
          { customer: 'ann', amount: 3 },
          { customer: 'ann', amount: 4 },
        ],
        timeout: '2s',
      },
    },
  ],
  errors: {
    'code.error': 'The script threw; the message and the line say what and where.',
    'code.syntax': 'The script is not valid JavaScript.',
    'code.timeout': 'The script did not end in time.',
    'code.memory': 'The script needed too much memory.',
    'code.pending': 'The script waits for a promise that never settles.',
    'code.input': 'The input is larger than 1 MiB.',
    'code.output':
      'The script returned what JSON cannot hold (the message and `details.path` say where), or more than 1 MiB.',
    'code.sandbox': 'No sandbox works on this machine, or the one the operator requires does not.',
    'code.crashed': 'The sandbox ended without an answer.',
  },
  notes: NOTES,
  async run(ctx, input) {
    const { runScript } = await import('./run.ts');
    return runScript(ctx, input);
  },
});
