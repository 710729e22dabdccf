/** How the parts of a new node are called. */
export interface NodeNames {
  /** `acme.createInvoice` */
  readonly type: string;
  /** `acme` */
  readonly provider: string;
  /** `createInvoice` */
  readonly verb: string;
  /** `create-invoice` */
  readonly file: string;
  /** `Create invoice` */
  readonly title: string;
}

/** A node that works: it sends its parameters to an address. Its author replaces what is in it. */
export const nodeFile = ({
  type,
  verb,
  title,
  provider,
}: NodeNames): string => `import { calling, defineNode, z } from 'blok/node';

/** What the service's errors mean. Statuses that are not listed are judged as for every service. */
const errors = { provider: '${provider}', codeAt: ['error.code'], messageAt: ['error.message'] };

export const ${verb} = defineNode({
  type: '${type}',
  version: '1.0.0',
  title: '${title}',
  description: 'Says in a sentence or two what the node does, for people and for models.',
  input: z.strictObject({
    url: z.url().describe('Address of the service.'),
    name: z.string().min(1).describe('What is sent to it.'),
  }),
  output: z.strictObject({
    key: z.string().describe('Under which the service keeps it.'),
  }),
  // What happens if it runs twice: read, idempotent, at-least-once or exactly-once. The test compares.
  effect: 'idempotent',
  timeout: '5m',
  retry: { maxAttempts: 5, delay: '1s', factor: 2, maxDelay: '1m', attemptTimeout: '30s' },
  examples: [{ title: 'A lamp', with: { url: 'http://127.0.0.1:4410/playground/effects/things', name: 'lamp' } }],
  async run(ctx, { url, name }) {
    // The service sees the same key on every attempt, so it can tell a repetition.
    const call = { what: 'POST things', writes: true, mayRepeat: true };
    return calling(ctx, errors, call, async () => {
      const answer = await ctx.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': ctx.idempotencyKey },
        body: JSON.stringify({ name }),
      });
      if (!answer.ok) throw { status: answer.status, headers: answer.headers, body: await answer.text() };
      const { key } = (await answer.json()) as { key: string };
      return { key };
    });
  },
});
`;

/** Its test, against a server on this machine that behaves like the service. */
export const testFile = ({ verb, file }: NodeNames): string => `import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { failure, fakeContext, fakeProvider, nodeProblems, proveEffect, refuse, runNode } from 'blok/node/testing';
import { ${verb} } from './${file}.ts';

/** Behaves like the service: it keeps one thing for each key. */
const service = await fakeProvider({
  state: () => new Map<string, string>(),
  routes: {
    'POST /things': ({ headers, body }, things) => {
      const key = String(headers['idempotency-key']);
      things.set(key, things.get(key) ?? (body as { name: string }).name);
      return { body: { key } };
    },
  },
});
beforeEach(() => service.reset());
after(() => service.close());
const parameters = { url: \`\${service.base}/things\`, name: 'lamp' };

test('it is defined as every node is', () => {
  assert.deepEqual(nodeProblems(${verb}), []);
});

test('it sends the name, and returns the key', async () => {
  const ctx = fakeContext();
  assert.deepEqual(await runNode(${verb}, ctx, parameters), { key: ctx.idempotencyKey });
  assert.deepEqual([...service.state.values()], ['lamp']);
});

test('it waits as long as the service asks', async () => {
  service.fail('POST /things', refuse(429, {}, { 'retry-after': '2' }));
  const { retryable, retryAfterMs } = await failure(runNode(${verb}, fakeContext(), parameters));
  assert.deepEqual({ retryable, retryAfterMs }, { retryable: true, retryAfterMs: 2_000 });
});

test('it has its effect once, even if an answer is lost', async () => {
  const effects = (things: Map<string, string>) => things.size;
  const { problems } = await proveEffect({ node: ${verb}, with: parameters, provider: service, effects });
  assert.deepEqual(problems, []);
});
`;

/** The provider, with its first node. */
export const indexFile = ({ provider, verb, file }: NodeNames): string => `import { defineProvider } from 'blok/node';
import { ${verb} } from './${file}.ts';

export const ${provider} = defineProvider({ id: '${provider}', title: '${provider}', nodes: [${verb}], connections: [] });
`;

/** Tells an editor what \`blok/node\` is. */
export const tsconfig = (root: string): string =>
  `${JSON.stringify(
    {
      extends: `${root}/tsconfig.json`,
      compilerOptions: {
        // The folder may have no package.json that says that its files are modules.
        module: 'esnext',
        moduleResolution: 'bundler',
        types: ['node'],
        typeRoots: [`${root}/node_modules/@types`],
        paths: {
          'blok/node': [`${root}/integrations/node.ts`],
          'blok/node/testing': [`${root}/integrations/testing/index.ts`],
        },
      },
      include: ['**/*.ts'],
      exclude: [],
    },
    null,
    2,
  )}\n`;
