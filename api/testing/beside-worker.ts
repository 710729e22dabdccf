import { createBus } from '../../bus/index.ts';
import { parseKeyring } from '../../db/index.ts';
import { createSenderOf } from '../../guard/sender.ts';
import { createNetwork } from '../../integrations/network/network.ts';
import { createLog } from '../../telemetry/log.ts';
import { openThrottle } from '../../throttle/index.ts';
import { TEST_KEY, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';
import type { Deps } from '../context.ts';
import type { Runs } from '../runs-port.ts';

/** What an API is built from that stands beside a test's worker, on the worker's database and a real Temporal. */
export const depsBeside = (test: Pick<TestWorker, 'database' | 'catalogue'>, runs: Runs): Deps => ({
  maxOpenRuns: 20_000,
  maxDepth: 20,
  database: test.database,
  bus: createBus(),
  throttle: openThrottle({ redis: undefined, bus: createBus() }),
  hookRate: 100_000,
  senderOf: createSenderOf([]),
  runs,
  keyring: parseKeyring(TEST_KEY),
  catalogue: test.catalogue,
  findConnectionType: () => undefined,
  network: createNetwork({ allow: [] }),
  workspace: WORKSPACE,
  publicUrl: 'http://blok.test',
  ownNames: new Set(['http://localhost']),
  temporalRunUrl: () => null,
  log: createLog({ level: 'silent' }),
});
