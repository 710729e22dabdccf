/** The flood, in a thread of its own: what it takes of its event loop must not count as time of the other webhook. */
import { parentPort, workerData } from 'node:worker_threads';
import { flood } from './traffic.ts';

parentPort?.postMessage(await flood(workerData.sent, workerData.amount));
