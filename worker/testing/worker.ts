/** A worker on the shared test servers, for e2e tests. */
import { migratedDatabase } from '../../scripts/testing/postgres.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { type GraphWorker, type GraphWorkerOptions, startGraphWorker } from './graph-worker.ts';

export { idOf, type RunOptions, resultOf, signed, TEST_KEY, WORKSPACE } from './graph-worker.ts';

/** A worker of a test's own, with its own database and task queue on the shared Temporal. */
export interface TestWorker extends GraphWorker {
  readonly databaseUrl: string;
  /** Stops the worker and drops its database. */
  dispose(): Promise<void>;
}

/** Starts a worker. `through` puts something between the worker and its database. */
export async function startTestWorker(
  options: Partial<Omit<GraphWorkerOptions, 'databaseUrl' | 'workerDatabaseUrl'>> & {
    readonly through?: (databaseUrl: string) => string;
  } = {},
): Promise<TestWorker> {
  const { through, ...rest } = options;
  const test = await migratedDatabase();
  const worker = await startGraphWorker({
    address: sharedTemporal().address,
    ...rest,
    databaseUrl: test.url,
    ...(through ? { workerDatabaseUrl: through(test.url) } : {}),
  });
  return {
    ...worker,
    databaseUrl: test.url,
    dispose: async () => {
      await worker.dispose();
      await test.drop();
    },
  };
}
