import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const results = await runChecks(root, ({ name, problem }) => {
  console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${name}`);
  if (problem !== undefined) console.log(problem.replaceAll(/^/gm, '       '));
});
process.exitCode = results.some(({ problem }) => problem !== undefined) ? 1 : 0;
