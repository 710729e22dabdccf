/** The playground's chain, for whoever asks for it. */
import { surfpool } from '../chain/surfpool.ts';
import { chainServer } from '../supervisor/servers.ts';
import { keep, type Starting } from './starting.ts';

/** @returns the addresses at which the chain is reached; none if nobody asked for one */
export async function startChain(starting: Starting): Promise<readonly string[]> {
  const { config, home, env, aborted } = starting;
  const { chain } = config;
  if (chain === null) return [];
  if ('urls' in chain) return chain.urls;
  const module = await surfpool({ env, signal: aborted });
  aborted.throwIfAborted();
  const { port } = chain;
  const where = `127.0.0.1:${port}`;
  await keep(starting, 'Chain', where, (signal) =>
    chainServer(home, { module, port }, AbortSignal.any([signal, aborted])),
  );
  return [`http://${where}`];
}
