import { Command, CommanderError, InvalidArgumentError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { approve } from './commands/approve.ts';
import { ask } from './commands/ask.ts';
import { cancel } from './commands/cancel.ts';
import { listConnections } from './commands/connection-list.ts';
import { setConnection } from './commands/connection-set.ts';
import { dryRun } from './commands/dry-run.ts';
import { event } from './commands/event.ts';
import { mermaid } from './commands/mermaid.ts';
import { nodes } from './commands/nodes.ts';
import { pause } from './commands/pause.ts';
import { publish } from './commands/publish.ts';
import { resume } from './commands/resume.ts';
import { run } from './commands/run.ts';
import { runs } from './commands/runs.ts';
import { show } from './commands/show.ts';
import { validate } from './commands/validate.ts';
import type { CliContext } from './context.ts';
import { badInput, CliError, EXIT } from './errors.ts';
import { printFailure } from './print/failure.ts';

const STRICT = ['--strict', 'let warnings count as errors', false] as const;
const JSON_OPTION = ['--json', 'print JSON on standard output', false] as const;
const AFTER = `
Exit codes: 0 succeeded · 1 the run failed, was cancelled, terminated or timed out · 2 bad input · 3 no server
The server is found by BLOK_API (default http://127.0.0.1:4400). Manual: docs/cli.md`;

/**
 * Runs one command line (without the program's own name) and returns its exit code. Never throws and never exits.
 */
export async function runCli(ctx: CliContext, argv: readonly string[]): Promise<number> {
  let code: number = EXIT.ok;
  const program = buildProgram(ctx, wantsJson(argv), (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      if (!wantsJson(argv)) return EXIT.badInput;
      return printFailure(ctx, badInput(error.message.replace(/^error: /, '')), true, '');
    }
    const file = argv.find((arg) => /\.(ya?ml|json)$/.test(arg)) ?? '';
    return printFailure(ctx, error, wantsJson(argv), file);
  }
}

const wantsJson = (argv: readonly string[]) => argv.includes('--json');

function buildProgram(ctx: CliContext, json: boolean, done: (code: number) => void): Command {
  const program = new Command('blok')
    .description('Durable workflows from the command line.')
    .version(manifest.version)
    .addHelpText('after', AFTER);
  program.exitOverride().configureOutput({
    writeOut: (text) => ctx.out(text.trimEnd()),
    // With --json the same is said on standard output.
    writeErr: (text) => json || ctx.err(text.trimEnd()),
  });
  const command = (usage: string, about: string) =>
    program
      .command(usage)
      .description(about)
      .option(...JSON_OPTION);
  const does =
    <A extends unknown[]>(action: (...args: A) => Promise<number>) =>
    async (...args: A) => {
      if (args.includes('')) throw badInput('An argument is empty.', 'Is a variable of the shell not set?');
      done(await action(...args));
    };

  command('validate <file...>', 'check graphs, without a server')
    .option(...STRICT)
    .action(does((files: string[], options) => validate(ctx, { files, ...options })));
  command('run <file|name>', 'run a graph, or a published workflow, and wait for its end')
    .option('--input <json|@file>', 'the input of the run')
    .option('--trigger <id>', 'the trigger it stands for')
    .option('--var <name=value>', 'a variable of the graph (repeatable)', collect, [])
    .option('--key <key>', 'idempotency key: the same key is the same run')
    .option('--watch', 'draw the steps as they happen', false)
    .option('--wait <seconds>', 'wait for the end at most so long', count(0, 31_536_000))
    .option('--no-wait', 'only start it')
    .option('--dry', 'run here, without a server and without effects', false)
    .option('--pin <node=json|@file>', 'with --dry: what a node answers (repeatable)', collect, [])
    .option('--fail <node=code>', 'with --dry: a node that fails (repeatable)', collect, [])
    .option('--event <name[:key]=json|@file>', 'with --dry: an event that comes (repeatable)', collect, [])
    .action(
      does((target: string, { dry, wait, ...options }) => {
        if (dry) return dryRun(ctx, { target, ...options });
        const forDry = ['pin', 'fail', 'event'].find((name) => options[name].length > 0);
        if (forDry)
          throw new CliError(EXIT.badInput, 'input.bad', `--${forDry} is for a dry run.`, { hint: 'Add --dry.' });
        return run(ctx, {
          target,
          ...options,
          wait: wait === true || wait === undefined ? null : wait === false ? 0 : wait,
        });
      }),
    );
  command('publish <file>', 'publish a graph as a new version of its workflow')
    .option(...STRICT)
    .action(does((file: string, options) => publish(ctx, { file, ...options })));
  command('runs', 'list runs, newest first')
    .option('--workflow <name>', 'of this workflow')
    .option('--status <status>', 'in this status')
    .option('--limit <count>', 'at most so many', count(1, 200), 20)
    .option('--cursor <cursor>', 'go on where a list ended')
    .action(does((options) => runs(ctx, options)));
  command('show <run>', 'show a run and its steps').action(
    does((id: string, options) => show(ctx, { run: id, ...options })),
  );
  command('ask <run>', 'ask a run what it is doing now').action(
    does((id: string, options) => ask(ctx, { run: id, ...options })),
  );
  command('cancel <run>', 'end a run; what it did is undone')
    .option('--reason <text>', 'why')
    .action(does((id: string, options) => cancel(ctx, { run: id, ...options })));
  command('pause <run>', 'start no further steps').action(
    does((id: string, options) => pause(ctx, { run: id, ...options })),
  );
  command('resume <run>', 'go on after a pause').action(
    does((id: string, options) => resume(ctx, { run: id, ...options })),
  );
  command('approve <run> [step]', 'decide what a run waits for')
    .option('--reject', 'decide against', false)
    .option('--comment <text>', 'why')
    .option('--by <name>', 'who decides (default: you)')
    .option('--values <json|@file>', 'values of the form')
    .action(does((id: string, step: string | undefined, options) => approve(ctx, { run: id, step, ...options })));
  command('event <name>', 'send an event to the runs that wait for it')
    .option('--key <key>', 'only those that wait for this key')
    .option('--data <json|@file>', 'what the event holds')
    .option('--run <run>', 'only this run, whatever key it waits for')
    .action(does((name: string, options) => event(ctx, { name, ...options })));
  command('nodes [type]', 'list node types, or show one').action(
    does((type: string | undefined, options) => nodes(ctx, { type, ...options })),
  );
  program
    .command('mermaid <file>')
    .description('print a graph as a Mermaid diagram')
    .action(does((file: string) => mermaid(ctx, { file })));

  const connection = program.command('connection').description('stored credentials');
  connection
    .command('set <name>')
    .description('store or replace one')
    .requiredOption('--type <type>', 'such as http-bearer or smtp')
    .requiredOption('--data <json|@file>', 'its fields')
    .option('--host <host>', 'a host it may be sent to (repeatable)', collect, [])
    .option(...JSON_OPTION)
    .action(does((name: string, options) => setConnection(ctx, { name, ...options })));
  connection
    .command('list')
    .description('list them, without their fields')
    .option(...JSON_OPTION)
    .action(does((options) => listConnections(ctx, options)));
  return program;
}

const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

const count = (min: number, max: number) => (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
};
