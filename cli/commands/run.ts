import type { JsonObject } from '../../graph/json.ts';
import type { CliContext } from '../context.ts';
import { collect, count, type Declaration } from '../declare.ts';
import { badInput, CliError, EXIT } from '../errors.ts';
import { follow } from '../follow.ts';
import { requireValid } from '../graph-file.ts';
import { printRun, runJson } from '../print/run.ts';
import { looksLikeFile } from '../target.ts';
import { readPairs, readValue } from '../values.ts';
import { waitSayer, watcher } from '../watch.ts';
import { hasEnded, type Run } from '../wire.ts';
import { dryRun } from './dry-run.ts';

export interface RunArgs {
  /** The file of a graph, or the name of a published workflow. */
  readonly target: string;
  readonly input?: string;
  readonly trigger?: string;
  readonly var: readonly string[];
  readonly key?: string;
  /** Outputs of steps that are not executed. */
  readonly pin: readonly string[];
  /** A step to begin with, and a node to end with. */
  readonly from?: string;
  readonly until?: string;
  readonly watch: boolean;
  /** Seconds to wait for the end; null: as long as it takes, 0: not at all. */
  readonly wait: number | null;
  readonly json: boolean;
}

/** Seconds that one request may wait at the server when nothing is drawn: short enough to show a new wait soon. */
const LOOK_SECONDS = 2;
const DRAW_EVERY_MS = 400;

/** Starts a run and, unless told not to, follows it until it ends. */
export async function run(ctx: CliContext, args: RunArgs): Promise<number> {
  const start = await prepare(ctx, args);
  const key = args.key ?? ctx.newKey();
  const began = ctx.now();
  const started = await start(key, args.watch || args.wait === 0 ? 0 : 1);
  if (args.wait === 0) return printStarted(ctx, started, args.json);

  const quiet = args.json && !args.watch;
  const ended = await follow(ctx, started, {
    onLook: args.watch ? watcher(ctx) : quiet ? () => undefined : waitSayer(ctx),
    lookSeconds: args.watch ? 0 : LOOK_SECONDS,
    pauseMs: args.watch ? DRAW_EVERY_MS : 0,
    ...(args.wait !== null && { limitMs: args.wait * 1000 - (ctx.now() - began) }),
    onLost: (error) => ctx.err(`${error.message} Waiting for it to come back; the run survives.`),
  });
  if (!hasEnded(ended) && ctx.interrupted.aborted) return printLeft(ctx, ended);
  return printRun(ctx, ended, args.json, args.watch && ctx.screen !== null);
}

/** Reads what is to be run, and returns what starts it. */
async function prepare(ctx: CliContext, args: RunArgs): Promise<(key: string, seconds: number) => Promise<Run>> {
  const { target, trigger, from, until } = args;
  const input = args.input === undefined ? undefined : await readValue(ctx, '--input', args.input);
  const vars: JsonObject = await readPairs(ctx, '--var', args.var, true);
  if (!looksLikeFile(target)) {
    if (args.pin.length > 0 || from !== undefined || until !== undefined)
      throw badInput('--pin, --from and --until are for a graph given as a file. To repeat a run, use blok rerun.');
    if (args.var.length > 0)
      throw badInput('--var is for a graph given as a file; a published workflow has its own values.');
    return (key, seconds) => ctx.client.start(target, { input, trigger }, key, seconds);
  }
  const { text } = await requireValid(ctx, target);
  const pins: JsonObject = await readPairs(ctx, '--pin', args.pin, true);
  const start = {
    ...{ graph: text, input, trigger, from, until },
    ...(args.var.length > 0 && { vars }),
    ...(args.pin.length > 0 && { pins }),
  };
  return (key, seconds) => ctx.client.startGraph(start, key, seconds);
}

function printStarted(ctx: CliContext, started: Run, json: boolean): number {
  if (json) ctx.out(JSON.stringify(runJson(started), null, 2));
  else {
    ctx.out(started.id);
    ctx.err(`Started. See it: npx blok show ${started.id}`);
  }
  return EXIT.ok;
}

function printLeft(ctx: CliContext, left: Run): number {
  ctx.err(`Run ${left.id} goes on without you. See it: npx blok show ${left.id}   End it: npx blok cancel ${left.id}`);
  return EXIT.interrupted;
}

/** How the command is called. */
export const declareRun: Declaration = ({ command, does, ctx }) =>
  command('run <file|name>', 'run a graph, or a published workflow, and wait for its end')
    .option('--input <json|@file>', 'the input of the run')
    .option('--trigger <id>', 'the trigger that this start stands for')
    .option('--var <name=value>', 'a variable of the graph (repeatable)', collect, [])
    .option('--key <key>', 'idempotency key: the same key is the same run')
    .option('--watch', 'draw the steps as they happen', false)
    .option('--wait <seconds>', 'wait for the end at most this long', count(0, 31_536_000))
    .option('--no-wait', 'start the run and do not wait')
    .option('--dry', 'run here, without a server and without effects', false)
    .option('--pin <node=json|@file>', 'the output of a node that is not executed (repeatable)', collect, [])
    .option('--from <step>', 'begin with this step; what it needs must be pinned')
    .option('--until <node>', 'run only what leads to this node')
    .option('--fail <node=code>', 'with --dry: a node that fails (repeatable)', collect, [])
    .option('--event <name[:key]=json|@file>', 'with --dry: an event that arrives (repeatable)', collect, [])
    .action(
      does((target: string, { dry, wait, ...options }) => {
        if (dry && (options.from !== undefined || options.until !== undefined))
          throw badInput('--from and --until are for a run on the server.', 'Leave --dry out.');
        if (dry) return dryRun(ctx, { target, ...options });
        const forDry = ['fail', 'event'].find((name) => options[name].length > 0);
        if (forDry)
          throw new CliError(EXIT.badInput, 'input.bad', `--${forDry} is for a dry run.`, { hint: 'Add --dry.' });
        return run(ctx, {
          target,
          ...options,
          wait: wait === true || wait === undefined ? null : wait === false ? 0 : wait,
        });
      }),
    );
