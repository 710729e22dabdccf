/** Prepares a Temporal that we do not run: namespace and search attributes. For containers, before API and worker. */
import { prepareExternal } from '../../embedded/temporal/external.ts';
import { readTemporal } from '../../settings/environment.ts';

const temporal = readTemporal(process.env);

/** How long a cluster that starts at the same time may take. */
const PATIENCE_MS = 120_000;

try {
  await prepareExternal(temporal, { patienceMs: PATIENCE_MS, say: console.log });
  console.log(
    `Temporal at ${temporal.address} is ready: namespace ${temporal.namespace}, search attributes registered.`,
  );
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
