import { z } from 'zod';
import type { FileChanges } from '../../context.ts';
import type { NodeType } from '../../define.ts';
import type { ConnectionType } from '../../define-connection.ts';
import type { TriggerType } from '../../define-trigger.ts';
import { NodeError } from '../../error.ts';
import { type WatchParameters, withOf } from '../../watch-parameters.ts';
import { sampleConnection } from './sample.ts';

/** What matters of a node where only its behaviour is tried. */
const PLAIN = {
  version: '1.0.0',
  title: 'As a node',
  description: 'Behaves as a node does, so that it can be tried as one.',
  output: z.unknown(),
  effect: 'read',
  timeout: '1m',
  retry: { maxAttempts: 1, delay: '1s', factor: 1, maxDelay: '1s', attemptTimeout: '1m' },
} as const;

const NO_FILES: FileChanges = { since: async () => [], last: async () => null };

/** The first look of a trigger as a node: it is under the same law. */
export function lookAsNode(trigger: TriggerType): NodeType {
  const { type, connection, errors, examples } = trigger;
  return {
    ...PLAIN,
    type,
    ...(connection && { connection }),
    ...(errors && { errors }),
    examples,
    input: withOf(trigger),
    async run(ctx, input) {
      const { every: _every, from, whileOff: _whileOff, ...parameters } = input as WatchParameters;
      const request = { with: parameters as never, cursor: null, from };
      return trigger.poll({ ...ctx, files: NO_FILES, trigger: 'on' }, request);
    },
  };
}

/** The test of a connection as a node, which fails where the test says that something is wrong. */
export function testAsNode(type: ConnectionType): NodeType {
  return {
    ...PLAIN,
    type: type.type,
    examples: [{ title: 'A connection', with: {} }],
    errors: { 'test.failed': 'The test says that something is wrong.' },
    input: z.strictObject({}),
    async run({ network, signal }) {
      const { data } = sampleConnection(type);
      const result = await type.test?.({ network, signal, hosts: [] }, type.fields.parse(data) as never);
      if (result?.ok === false) throw new NodeError('test.failed', result.message);
      return result;
    },
  };
}
