import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { connectionFits } from '../graph/node-types/context.ts';
import { nodePages } from '../scripts/docs/nodes.ts';
import { providers } from './catalog.ts';
import { MAX_POLLED } from './define-trigger.ts';
import { catalogue, describeTrigger, jsonSchema, nodeDocs, triggerDocs } from './describe.ts';
import { connectionTypes, findConnectionType, findNode, findTrigger } from './index.ts';
import { nodeProblems, undescribed } from './own-nodes/problems.ts';
import { PARSERS, parserBundle } from './parsing/bundle.ts';
import { answeredProblems } from './testing/conformance/answered.ts';
import { lookAsNode, testAsNode } from './testing/conformance/as-node.ts';
import { offersProblems } from './testing/conformance/offers.ts';
import { refusedProblems } from './testing/conformance/refused.ts';
import { sampleConnection } from './testing/conformance/sample.ts';
import { withOf } from './watch-parameters.ts';

const root = resolve(import.meta.dirname, '..');
const nodes = providers.flatMap((provider) => provider.nodes.map((node) => ({ type: node.type, provider, node })));

const triggers = providers.flatMap(({ id, triggers: own = [] }) =>
  own.map((trigger) => ({ type: trigger.type, provider: id, trigger })),
);

/** The file of `slack.sendMessage` is `slack/send-message.ts`. */
const fileOf = (type: string) => {
  const [provider = '', verb = ''] = type.split('.');
  return join(import.meta.dirname, provider, `${verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`);
};

const testFiles = (file: string): string[] =>
  ['.test.ts', '.integration.test.ts'].map((suffix) => file.replace(/\.ts$/, suffix)).filter(existsSync);

const hasTest = (file: string): boolean => testFiles(file).length > 0;

/** The text of the tests beside a node. */
const testsOf = (type: string): string =>
  testFiles(fileOf(type))
    .map((file) => readFileSync(file, 'utf8'))
    .join();

/** Modules a file loads when it is imported, found by its static imports. */
function staticImports(file: string, seen = new Map<string, Set<string>>()): Map<string, Set<string>> {
  if (seen.has(file)) return seen;
  const outside = new Set<string>();
  seen.set(file, outside);
  const source = readFileSync(file, 'utf8');
  for (const [, typeOnly, target = ''] of source.matchAll(
    /^(?:import|export)( type)? (?:[\w\s{},*]+ from )?'([^']+)';/gm,
  )) {
    if (typeOnly) continue;
    if (target.startsWith('.')) staticImports(resolve(dirname(file), target), seen);
    else outside.add(target);
  }
  return seen;
}

describe('the catalogue', () => {
  it('has unique types per major, and finds each', () => {
    const keys = nodes.map(({ node }) => `${node.type}@${node.version.split('.')[0]}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { node } of nodes) expect(findNode(node.type, Number(node.version.split('.')[0]))).toBe(node);
    expect(findNode('no.such')).toBeUndefined();
    expect(findNode('kv.get', 99)).toBeUndefined();
    expect(catalogue().get('kv.get')).toMatchObject({ type: 'kv.get', effect: 'read', timeoutMs: 300_000 });
  });

  it('loads no SDK before a node runs', () => {
    const loaded = [...staticImports(join(import.meta.dirname, 'index.ts'))];
    const foreign = loaded.flatMap(([file, targets]) => [...targets].map((target) => `${target} in ${file}`));
    expect(foreign.filter((entry) => !entry.startsWith('zod '))).toEqual([]);
    expect(loaded.length).toBeGreaterThan(20);
  });

  it('has a proof of what it promises for each node that writes through a library of its provider', () => {
    const withClient = nodes.filter(({ type }) => existsSync(join(dirname(fileOf(type)), 'client.ts')));
    const unproven = withClient.filter(
      ({ type, node }) => node.effect !== 'read' && !testsOf(type).includes('proveEffect('),
    );
    expect(unproven.map(({ type }) => type)).toEqual([]);
  });

  it('lists each provider once, its id being the first word of its nodes', () => {
    expect(new Set(providers.map(({ id }) => id)).size).toBe(providers.length);
    for (const { provider, node } of nodes) expect(node.type.split('.')[0]).toBe(provider.id);
  });
});

describe.each(nodes)('$type', ({ type, node }) => {
  it('is defined as every node is: names, times, descriptions, examples', () => {
    expect(nodeProblems(node)).toEqual([]);
  });

  it('lies in its own file with a test beside it', () => {
    const file = fileOf(type);
    expect(existsSync(file)).toBe(true);
    expect(hasTest(file)).toBe(true);
  });
});

// The interpreter runs `workflow.run` itself, and no worker does.
// A parser is bundled when it is first needed, which takes longer than a node may here.
beforeAll(() => Promise.all(PARSERS.map((name) => parserBundle(name))), 180_000);

describe.each(nodes.filter(({ type }) => type !== 'workflow.run'))('$type at work', ({ node }) => {
  it('sends no byte past a guard that refuses everything, and gives up at once', async () => {
    expect(await refusedProblems(node)).toEqual([]);
  }, 60_000);

  it('says what an error of a server means, repeats nothing by itself, and ends with its step', async () => {
    expect(await answeredProblems(node)).toEqual([]);
  }, 60_000);

  it('loads choices through the guard only, and not for ever', async () => {
    expect(await offersProblems(node)).toEqual([]);
  }, 60_000);
});

describe.each(triggers)('trigger $type', ({ type, provider, trigger }) => {
  const facts = describeTrigger(trigger);

  it('is found, by the language too, under a name that begins with its provider', () => {
    expect(type).toMatch(/^[a-z][a-z0-9]*\.[a-z][A-Za-z0-9]*$/);
    expect(type.split('.')[0]).toBe(provider);
    expect(findTrigger(type)).toBe(trigger);
    expect(catalogue().triggers?.get(type)).toEqual({ ...facts, refuses: expect.any(Function) });
  });

  it('has a title and a description', () => {
    expect(trigger.title).toMatch(/^[A-Z].{2,60}$/);
    expect(trigger.description.length).toBeGreaterThan(40);
    expect(trigger.description).toMatch(/\.$/);
  });

  it('describes every parameter and every field of an item, and refuses other parameters', () => {
    expect(undescribed(facts.with, 'with')).toEqual([]);
    expect(undescribed(facts.brings!.item!, 'item')).toEqual([]);
    expect(facts.with.additionalProperties).toBe(false);
  });

  it('has examples that parse, and looks as often as it says', () => {
    expect(trigger.examples.length).toBeGreaterThan(0);
    for (const example of trigger.examples) {
      expect(withOf(trigger).parse(example.with)).toMatchObject({ from: 'now', whileOff: 'pickUp' });
    }
    expect(withOf(trigger).parse(trigger.examples[0]!.with)).toMatchObject({ every: trigger.every });
    expect(MAX_POLLED).toBeLessThanOrEqual(1_000);
  });

  it('sends no byte past a guard that refuses everything, and gives up at once', async () => {
    expect(await refusedProblems(lookAsNode(trigger))).toEqual([]);
  }, 60_000);

  // A watch of a chain asks its providers until enough of them agree (integrations/solana/listening).
  it.runIf(provider !== 'solana')(
    'says what an error of a server means, repeats nothing, and ends with its look',
    async () => {
      expect(await answeredProblems(lookAsNode(trigger))).toEqual([]);
    },
    60_000,
  );

  it('takes a connection that exists', () => {
    const { connection } = trigger;
    if (connection) expect(connectionTypes().some((known) => connectionFits(connection.type, known.type))).toBe(true);
  });

  it('lies in its own file with a test beside it', () => {
    const [, event = ''] = type.split('.');
    const kebab = event.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const file = join(import.meta.dirname, provider, `on-${kebab}.ts`);
    expect(existsSync(file)).toBe(true);
    expect(hasTest(file)).toBe(true);
  });
});

describe.each([...connectionTypes()])('connection $type', (connection) => {
  it('is named, described, and says which fields are secret', () => {
    expect(connection.type).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(findConnectionType(connection.type)).toBe(connection);
    const schema = jsonSchema(connection.fields, 'input');
    expect(undescribed(schema, connection.type)).toEqual([]);
    expect(schema.additionalProperties).toBe(false);
    for (const field of connection.secretFields) expect(Object.keys(schema.properties as object)).toContain(field);
    expect(connection.secretFields.length).toBeGreaterThan(0);
  });

  // Some types need more of a sample than their schema says.
  const isComplete = connection.fields.safeParse(sampleConnection(connection).data).success;
  it.runIf(connection.test && isComplete)(
    'is tried through the guard only, and shows no secret',
    async () => {
      expect(await refusedProblems(testAsNode(connection))).toEqual([]);
    },
    60_000,
  );
});

describe('the docs', () => {
  const pages = [...nodePages()];
  it.each(pages)('%s is current (npm run docs)', (path, text) => {
    expect(existsSync(join(root, path))).toBe(true);
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  });

  it('has a page of its own per node and per trigger, also where they share a name', () => {
    expect(pages.length).toBe(new Set(nodes.map(({ type }) => type)).size + triggers.length + 2);
    expect(pages.map(([path]) => path)).toEqual(
      expect.arrayContaining([
        ...nodes.map(({ type }) => nodeDocs(type)),
        ...triggers.map(({ type }) => triggerDocs(type)),
      ]),
    );
  });
});
