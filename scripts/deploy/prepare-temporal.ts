/** Prepares a Temporal that is not ours: its namespace and the search attributes of Blok. For containers, before API and worker. */
import { externalTemporal, prepareExternal } from '../../embedded/temporal/external.ts';

const temporal = externalTemporal(process.env);

/** A cluster that is started beside this may take so long. */
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
