/** `npm start` with a stand-in for API and worker. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../supervisor/config.ts';
import { runUntilStopped } from '../run-until-stopped.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const serveFile = `${here}stub-serve.ts`;
const config = () => readConfig(process.env, dirname(dirname(dirname(here))));
process.exit(await runUntilStopped(() => ({ config: config(), env: process.env, serveFile })));
