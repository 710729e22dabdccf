/** What to do now that Blok runs. */

import { elapsed } from '../programs/progress.ts';
import type { StartConfig } from '../supervisor/config.ts';

/** Port that the CLI uses by default. */
const DEFAULT_PORT = 4400;

/** The lines printed when everything is ready. */
export function welcome(config: StartConfig, url: string, tookMs: number): string {
  const prefix = config.port === DEFAULT_PORT ? '' : `PORT=${config.port} `;
  const { temporal, playground, chain } = config;
  return [
    '',
    `Blok is ready (${elapsed(tookMs)}).`,
    '',
    `  API          ${url}`,
    'uiPort' in temporal ? `  Temporal UI  http://127.0.0.1:${temporal.uiPort}` : `  Temporal     ${temporal.address}`,
    `  Playground   ${'url' in playground ? playground.url : `http://127.0.0.1:${playground.port}/playground`}`,
    ...(chain ? [`  Chain        ${'urls' in chain ? chain.urls.join(', ') : `http://127.0.0.1:${chain.port}`}`] : []),
    `  Data, logs   ${config.home}`,
    '',
    'Try in another terminal:',
    `  ${prefix}npx blok run examples/hello/graph.yaml --watch`,
    '',
    'Ctrl-C stops everything; the data stays.',
  ].join('\n');
}
