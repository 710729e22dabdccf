/** A worker as a process of its own (`worker/main.ts`), with workflow code and steps that end it. */
import { loadKeyring } from '../../db/index.ts';
import { runMain, temporalOf } from '../../settings/environment.ts';
import { optionsOf, readEnvironment, type WorkerEnvironment } from '../config.ts';
import { connectTemporal } from '../connect.ts';
import { startWorker } from '../run.ts';
import { installRuntime } from '../runtime.ts';
import { hostileActivities } from './hostile-activities.ts';
import { hostileBundle } from './hostile-bundle.ts';

const { BLOK_TEST_NOTES, BLOK_TEST_QUEUE } = process.env as Record<string, string>;

async function main(env: WorkerEnvironment): Promise<void> {
  installRuntime();
  const keyring = await loadKeyring({ home: env.BLOK_HOME, secretKey: env.BLOK_SECRET_KEY });
  const connection = await connectTemporal(temporalOf(env));
  const log = { info: console.log, warn: console.log };
  const worker = await startWorker({
    ...optionsOf(env),
    connection,
    keyring,
    log,
    taskQueue: BLOK_TEST_QUEUE!,
    workflowBundle: await hostileBundle(env.BLOK_HOME),
    activities: () => hostileActivities(BLOK_TEST_NOTES!),
    quarantine: { temporal: temporalOf(env), program: new URL('./hostile-child.ts', import.meta.url) },
  });
  console.log('worker is polling');
  process.once('SIGTERM', () => void worker.stop());
  await worker.ended;
  process.exit(0);
}

await runMain('The worker', readEnvironment, main);
