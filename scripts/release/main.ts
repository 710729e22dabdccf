/**
 * `npx blok check-release`: replays the histories of all open and recent runs, and the recorded ones of the repository, on
 * this build, and says which runs would break.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from '@temporalio/client';
import { connectExternal } from '../../embedded/temporal/external.ts';
import { parseDuration } from '../../graph/duration.ts';
import { readTemporal } from '../../settings/environment.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { recordedHistories, runHistories } from './histories.ts';
import { type NamedHistory, replayAll } from './replay.ts';

const HELP = `blok check-release: whether the runs of an installation go on with this build as they began

  --recent DURATION   runs that ended within this time, too; 1d if not given
  --most N            at most this many of those; 1000 if not given
  --recorded          only the recorded histories of the repository, without Temporal
  --json              print the result as JSON

Temporal is found by TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and TEMPORAL_TLS.
Exit codes: 0 all replay · 1 some would break · 2 bad input · 3 no Temporal`;

const RECORDED = fileURLToPath(new URL('../../workflows/histories/', import.meta.url));

process.exit(await main());

async function main(): Promise<number> {
  const options = await readOptions();
  if (typeof options === 'number') return options;
  installRuntime();
  const bundle = await workflowBundle();
  const broken: { name: string; problem: string }[] = [];
  let count = 0;
  for await (const { name, problem } of replayAll(bundle, historiesOf(options))) {
    count += 1;
    if (problem === null) continue;
    broken.push({ name, problem });
    if (!options.json) console.error(`✖ ${name}\n    ${problem}`);
  }
  if (options.json) console.log(JSON.stringify({ replayed: count, broken }, null, 2));
  else if (broken.length === 0) console.log(`✔ ${count} histories replay on this build.`);
  else console.log(`✖ ${broken.length} of ${count} runs would break.`);
  return broken.length === 0 ? 0 : 1;
}

interface Options {
  readonly since: Date;
  readonly most: number;
  readonly json: boolean;
  /** Null: only the recorded histories. */
  readonly client: Client | null;
}

async function* historiesOf({ client, ...options }: Options): AsyncGenerator<NamedHistory> {
  yield* recordedHistories(RECORDED);
  if (client !== null) yield* runHistories(client, options);
}

function readOptions(): Promise<Options | number> | number {
  let values: { recent: string; most: string; recorded: boolean; json: boolean; help: boolean };
  try {
    values = parseArgs({
      options: {
        recent: { type: 'string', default: '1d' },
        most: { type: 'string', default: '1000' },
        recorded: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values as never;
  } catch (error) {
    return refuse((error as Error).message);
  }
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const recent = parseDuration(values.recent);
  const most = Number(values.most);
  if (recent === null) return refuse(`--recent ${values.recent} is not a duration, such as 12h or 7d.`);
  if (!Number.isInteger(most) || most < 0 || most > 1_000_000)
    return refuse(`--most ${values.most} is not a whole number from 0 to 1000000.`);
  const options = { since: new Date(Date.now() - recent), most, json: values.json };
  return values.recorded ? Promise.resolve({ ...options, client: null }) : connected(options);
}

async function connected(options: Omit<Options, 'client'>): Promise<Options | number> {
  const temporal = readTemporal(process.env);
  const { address, namespace } = temporal;
  try {
    return { ...options, client: new Client({ connection: await connectExternal(temporal), namespace }) };
  } catch (error) {
    console.error(
      `✖ No Temporal at ${address}: ${(error as Error).message}\n  Set TEMPORAL_ADDRESS, or check the recorded histories only: --recorded.`,
    );
    return 3;
  }
}

function refuse(message: string): number {
  console.error(`✖ ${message}\n\n${HELP}`);
  return 2;
}
