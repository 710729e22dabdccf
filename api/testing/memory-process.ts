/**
 * An API in a process of its own, for tests that look into its memory: `node memory-process.ts DATABASE WORKSPACE HEAP PATH…`. Answers
 * requests to itself, prints what it answered, and writes a snapshot of its heap.
 */
import { writeHeapSnapshot } from 'node:v8';
import { createBus } from '../../bus/index.ts';
import { openDatabase } from '../../db/index.ts';
import { ownOrigins } from '../../guard/own-names.ts';
import { createSenderOf } from '../../guard/sender.ts';
import { catalogue } from '../../integrations/describe.ts';
import { findConnectionType } from '../../integrations/index.ts';
import { createNetwork } from '../../integrations/network/network.ts';
import { createLog } from '../../telemetry/log.ts';
import { openThrottle } from '../../throttle/index.ts';
import { createApp } from '../app.ts';
import { createContext, type Deps } from '../context.ts';
import { fakeRuns } from './fake-runs.ts';
import { KEYRING } from './keyring.ts';

const [url = '', workspace = '', heap = '', ...requests] = process.argv.slice(2);
const bus = createBus();
const deps: Deps = {
  ...{ database: openDatabase(url, { max: 4 }), bus, workspace, keyring: KEYRING, runs: fakeRuns() },
  ...{ throttle: openThrottle({ redis: undefined, bus }), hookRate: 1_000, senderOf: createSenderOf([]) },
  ...{ catalogue: catalogue(), findConnectionType, network: createNetwork({ allow: ['127.0.0.0/8'] }) },
  ...{ publicUrl: 'http://blok.test', maxOpenRuns: 100, maxDepth: 20, temporalRunUrl: () => '' },
  ownNames: ownOrigins({ port: 80, publicUrl: 'http://blok.test' }),
  log: createLog({ level: 'debug', destination: process.stdout }),
};
const ctx = createContext(deps);
const app = createApp(deps, ctx);
const kept: string[] = [];
for (const request of requests) {
  const [method = '', path = '', body] = request.split(' ');
  const init = { method, ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }) };
  const response = await app.request(path, init, { incoming: { complete: true } });
  kept.push(`${response.status} ${await response.text()}`);
}
console.log(kept.join('\n'));
writeHeapSnapshot(heap);
process.exit(0);
