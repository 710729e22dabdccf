/**
 * A process of its own that pays, for tests that look into its memory: `node pay-process.ts CONNECTION TO HEAP`. Prints what
 * the node returned, and writes a snapshot of its heap.
 */
import { writeHeapSnapshot } from 'node:v8';
import type { OpenConnection } from '../../context.ts';
import { fakeContext, runNode } from '../../testing/run-node.ts';
import { solanaTransferSol } from '../transfer-sol.ts';
import { memoryPayments } from './memory-payments.ts';

const [connection = '', to = '', heap = ''] = process.argv.slice(2);
const ctx = fakeContext({ connection: JSON.parse(connection) as OpenConnection, payments: memoryPayments() });
console.log(JSON.stringify(await runNode(solanaTransferSol, ctx, { to, amount: '0.25' })));
writeHeapSnapshot(heap);
process.exit(0);
