/** Rows of the history of a busy year, always the same for a seed. */

/** What is generated. */
export interface Amount {
  readonly runs: number;
  readonly steps: number;
  readonly seed: number;
}

/** How long ago the oldest run started. */
const MONTHS = 12;
const WORKFLOWS = 40;
const MONTH_MS = 30 * 86_400_000;

/** One run as lines of the tables, in the text format of `COPY`. */
export interface RunLines {
  readonly run: string;
  readonly runMonth: string;
  readonly payload: string;
  readonly terms: string;
  readonly steps: string;
  readonly waits: string;
}

/** All runs, the oldest first. @param until when the newest of them starts */
export function* historyOf({ runs, steps, seed }: Amount, workspace: string, until: number): Generator<RunLines> {
  const random = randomOf(seed);
  const perRun = steps / runs;
  for (let n = 0; n < runs; n++) {
    const startedAt = until - Math.floor(((runs - n) / runs) * MONTHS * MONTH_MS);
    yield linesOf({ n, startedAt, random, workspace, steps: stepsOf(n, perRun) });
  }
}

/** As many steps as are wanted in all, not the same for each run. */
const stepsOf = (n: number, perRun: number): number => Math.round(perRun * ((n % 3) / 2 + 0.5));

const CODES = ['http.404', 'http.500', 'timeout', 'expression', 'card.declined'];
const USES = ['webhook', 'schedule', 'call', 'event'];
const KINDS = ['timer', 'event', 'approval', 'retry'];

function linesOf(at: {
  n: number;
  startedAt: number;
  random: () => number;
  workspace: string;
  steps: number;
}): RunLines {
  const { n, startedAt, random, workspace } = at;
  const id = `r${n.toString(36).padStart(25, '0')}`;
  // Few workflows run often, and most seldom.
  const workflow = `flow-${Math.floor(random() ** 3 * WORKFLOWS)}`;
  const status = statusOf(n, random);
  const isOpen = status === 'waiting';
  const endedAt = isOpen ? NULL : iso(startedAt + 200 + Math.floor(random() * 60_000));
  const uses = USES[Math.floor(random() * USES.length)]!;
  const code = status === 'failed' ? CODES[Math.floor(random() ** 2 * CODES.length)]! : NULL;
  const error = code === NULL ? NULL : JSON.stringify(errorOf(code, n));
  const start = iso(startedAt);
  const month = `${start.slice(0, 7)}-01`;
  const key = uses === 'webhook' ? `order-${n}` : null;
  const trigger = JSON.stringify({ id: 'in', uses, at: start, key });
  const parent = n > 0 && random() < 0.02 ? `r${(n - 1).toString(36).padStart(25, '0')}` : NULL;
  const terms = [
    ...(key ? [`k:${key}`] : []),
    ...(code === NULL ? [] : ['w:payment', 'w:refused', `w:order${n}`]),
    ...(n % 1_000 === 0 ? ['l:vip'] : []),
  ];
  const version = String(1 + Math.floor(random() * 5));
  return {
    runMonth: line(workspace, id, month),
    run: line(
      ...[
        workspace,
        id,
        month,
        `${workspace}/${workflow}/in/${n}`,
        '',
        '0',
        '9',
        workflow,
        version,
        trigger,
        'in',
        uses,
      ],
      ...[status, error, code, start, endedAt, NULL, parent],
    ),
    payload: line(workspace, id, month, trigger, JSON.stringify({ order: n, text: 'x'.repeat(200) }), '{"ok":true}'),
    terms: terms.map((term) => line(workspace, term, start, id, month)).join(''),
    steps: Array.from({ length: at.steps }, (_, seq) => stepOf({ workspace, id, month, seq, startedAt })).join(''),
    waits: isOpen ? waitOf({ workspace, id, start, kind: KINDS[n % KINDS.length]! }) : '',
  };
}

/** Of the newest runs some are open; of all others one in twenty failed. */
function statusOf(n: number, random: () => number): string {
  const chance = random();
  if (n % 97 === 0) return 'waiting';
  return chance < 0.05 ? 'failed' : chance < 0.06 ? 'cancelled' : 'succeeded';
}

const errorOf = (code: string, n: number) => ({
  ...{ code, message: `Payment of order${n} refused`, step: 'charge', node: 'charge', attempts: 3, unknown: false },
});

function stepOf(at: { workspace: string; id: string; month: string; seq: number; startedAt: number }): string {
  const { workspace, id, month, seq } = at;
  const [start, end] = [iso(at.startedAt + seq * 20), iso(at.startedAt + seq * 20 + 15)];
  return line(
    ...[workspace, id, month, `each[${seq}].charge`, '0', '9', String(seq), 'charge', 'http.request', NULL],
    ...['succeeded', 'out', '1', '{"url":"https://example.com"}', '{"status":200}', NULL, NULL, start, end],
  );
}

const waitOf = ({
  workspace,
  id,
  start,
  kind,
}: {
  workspace: string;
  id: string;
  start: string;
  kind: string;
}): string => line(workspace, id, '0', 'ask', kind, NULL, NULL, NULL, start, NULL, start);

/** What `COPY` takes for null. */
const NULL = '\\N';
const line = (...fields: (string | null)[]): string =>
  `${fields.map((field) => (field === null || field === NULL ? NULL : field.replace(/[\\\t\n\r]/g, '\\$&'))).join('\t')}\n`;

const iso = (time: number): string => new Date(time).toISOString();

/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
