/** What a node of your own is tested with: `import { fakeContext, runNode } from 'blok/node/testing'`. */

export { nodeProblems } from '../own-nodes/problems.ts';
export * from './fake-provider/faults.ts';
export type { Received, Reply } from './fake-provider/message.ts';
export { type FakeOptions, type FakeProvider, fakeProvider } from './fake-provider/provider.ts';
export { type EffectReport, proveEffect } from './prove-effect.ts';
export { failure, fakeContext, runNode } from './run-node.ts';
