import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../supervisor/config.ts';
import { HELP } from './help.ts';
import { runUntilStopped } from './run-until-stopped.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const args = process.argv.slice(2);

if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else if (args.length > 0) {
  console.error(
    `npm start takes no arguments (${args.join(' ')}); settings are environment variables: npm start -- --help`,
  );
  process.exitCode = 2;
} else {
  process.exitCode = await runUntilStopped(() => ({ config: readConfig(process.env, root), env: process.env }));
}
process.exit();
