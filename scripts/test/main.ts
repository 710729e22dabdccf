import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { elapsed } from '../../embedded/programs/progress.ts';
import { runChecks } from '../check/checks.ts';
import { prepareServers } from './prepare.ts';
import type { ProjectResult } from './report.ts';
import { PROJECTS, type Project, runProject } from './run-project.ts';
import { repeatFailed, type SecondRun } from './second-run.ts';
import { closingLine, slowestFiles, type Totals, totalsOf } from './totals.ts';

const HELP = `npm test: checks, then the unit, integration and e2e tests. It gets what they need.

  npm test                        everything
  npm test -- check               types, format, lint, import law
  npm test -- unit                one project: unit, integration or e2e; several may be named
  npm test -- e2e embedded/start  only files whose path contains the text; further arguments go to Vitest

A test file that fails is run once more, on its own, at the end. If it passes then, the run passes and says "flaky: FILE".`;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const args = process.argv.slice(2);
const named = args.filter((arg) => arg === 'check' || PROJECTS.includes(arg as Project));
const forVitest = args.filter((arg) => !named.includes(arg));
const wants = (part: string) =>
  named.length === 0 || named.includes(part) || (part === 'e2e-alone' && named.includes('e2e'));
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
  });
}

if (args.includes('--help') || args.includes('-h')) console.log(HELP);
else process.exit(await main());

async function main(): Promise<number> {
  const times: string[] = [];
  const notes: string[] = [];
  const timed = async <T>(part: string, run: () => Promise<T>): Promise<T | undefined> => {
    if (interrupted || !wants(part)) return undefined;
    const began = Date.now();
    console.log(`\n== ${part}`);
    const result = await run();
    times.push(`${part} ${elapsed(Date.now() - began)}`);
    return result;
  };
  // Started now, so that the servers are there when they are needed.
  const servers = wants('e2e-alone') ? prepareServers(root, forVitest) : undefined;
  // Paths name tests: whoever gives some does not want the checks, unless asked for.
  const checks = forVitest.length === 0 || named.includes('check') ? await timed('check', check) : undefined;
  const firstRun: ProjectResult[] = [];
  for (const project of PROJECTS) {
    const result = await timed(project, async () => {
      if (project === 'e2e') notes.push(...((await servers?.downloads) ?? []));
      if (project === 'e2e-alone') notes.push(...((await servers?.builds) ?? []));
      return runProject(root, project, forVitest);
    });
    if (result) firstRun.push(result);
  }
  const { results, flaky } = await secondRun(firstRun);
  const parts = [...(checks ? [checks] : []), ...results.map(totalsOf)];
  list('Not available here', notes);
  list(
    'Skipped',
    parts.flatMap((part) => part.skipped),
  );
  list('The slowest files', slowestFiles(firstRun));
  console.log(`\n${times.join(', ')}`);
  for (const file of flaky) console.log(`flaky: ${file}`);
  if (interrupted) console.log('Interrupted: the totals below are not complete.');
  console.log(closingLine(parts));
  return interrupted || parts.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** Options for Vitest select single tests: whoever gives options looks at these tests, and wants to see them fail. */
async function secondRun(results: readonly ProjectResult[]): Promise<SecondRun> {
  if (interrupted || forVitest.some((arg) => arg.startsWith('-'))) return { results, flaky: [] };
  return repeatFailed(results, (project, file) => {
    console.log(`\n== once more, on its own: ${file}`);
    return runProject(root, project, [join(root, file)]);
  });
}

function list(title: string, lines: readonly string[]) {
  if (lines.length > 0) console.log(`\n${title}:\n${lines.map((line) => `  - ${line}`).join('\n')}`);
}

async function check(): Promise<Totals> {
  const results = await runChecks(root, ({ name, problem }) => {
    console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${name}`);
    if (problem !== undefined) console.log(problem.replaceAll(/^/gm, '       '));
  });
  const failed = results.filter(({ problem }) => problem !== undefined).length;
  return { passed: results.length - failed, failed, skipped: [] };
}
