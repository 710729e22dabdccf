import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { elapsed } from '../../embedded/temporal/progress.ts';
import { runChecks } from '../check/checks.ts';
import { prepareServers } from './prepare.ts';
import { PROJECTS, type Project, runProject } from './run-project.ts';
import { closingLine, type Totals } from './totals.ts';

const HELP = `npm test: checks, then the unit, integration and e2e tests. It gets what they need.

  npm test                        everything
  npm test -- check               types, format, lint, import law
  npm test -- unit                one project: unit, integration or e2e; several may be named
  npm test -- e2e embedded/start  only files whose path contains the text; further arguments go to Vitest`;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const args = process.argv.slice(2);
const named = args.filter((arg) => arg === 'check' || PROJECTS.includes(arg as Project));
const forVitest = args.filter((arg) => !named.includes(arg));
const wants = (part: string) => named.length === 0 || named.includes(part);
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
  });
}

if (args.includes('--help') || args.includes('-h')) console.log(HELP);
else process.exit(await main());

async function main(): Promise<number> {
  const parts: Totals[] = [];
  const times: string[] = [];
  const notes: string[] = [];
  const timed = async (part: string, run: () => Promise<Totals>) => {
    if (interrupted || !wants(part)) return;
    const began = Date.now();
    console.log(`\n== ${part}`);
    parts.push(await run());
    times.push(`${part} ${elapsed(Date.now() - began)}`);
  };
  // Paths name tests: whoever gives some does not want the checks, unless asked for.
  if (forVitest.length === 0 || named.includes('check')) await timed('check', check);
  for (const project of PROJECTS) {
    await timed(project, async () => {
      if (project === 'e2e') notes.push(...(await prepareServers()));
      return runProject(root, project, forVitest);
    });
  }
  const skipped = parts.flatMap((part) => part.skipped);
  if (notes.length > 0) console.log(`\nNot to be had here:\n${notes.map((note) => `  - ${note}`).join('\n')}`);
  if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `  - ${name}`).join('\n')}`);
  console.log(`\n${times.join(', ')}`);
  if (interrupted) console.log('Interrupted: what is below is not all.');
  console.log(closingLine(parts));
  return interrupted || parts.some(({ failed }) => failed > 0) ? 1 : 0;
}

async function check(): Promise<Totals> {
  const results = await runChecks(root, ({ name, problem }) => {
    console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${name}`);
    if (problem !== undefined) console.log(problem.replaceAll(/^/gm, '       '));
  });
  const failed = results.filter(({ problem }) => problem !== undefined).length;
  return { passed: results.length - failed, failed, skipped: [] };
}
