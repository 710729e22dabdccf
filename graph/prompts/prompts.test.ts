import { describe, expect, it } from 'vitest';
import { compile } from '../compile/index.ts';
import { graphHash } from '../document/hash.ts';
import { parseGraph } from '../document/parse.ts';
import { testCatalogue, testPrompts } from '../validate/testing/validated.ts';
import { parsePrompt, pinPrompts, renderPrompt, testPrompt, textsOf } from './index.ts';
import type { PromptDocument } from './types.ts';

const parsed = (text: string): PromptDocument => {
  const { document, problems } = parsePrompt(text);
  expect(problems).toEqual([]);
  return document!;
};

const GREETING = `
description: Answers a customer.
variables:
  type: object
  properties:
    name: { type: string, maxLength: 40 }
    items: { type: array, items: { type: string } }
    tone: { enum: [warm, brief] }
  required: [name]
  additionalProperties: false
instructions: "Be \${{ vars.tone ?? 'brief' }}."
messages:
  - { role: user, text: "Hello, I am \${{ vars.name.trim() }}." }
  - { role: assistant, text: How can I help? }
  - { role: user, text: "\${{ vars.items }}" }
`;

describe('a prompt', () => {
  it('becomes texts with its variables put in', () => {
    expect(renderPrompt(parsed(GREETING), { name: ' Ada ', items: ['ink', 'paper'] })).toEqual({
      instructions: 'Be brief.',
      messages: [
        { role: 'user', text: 'Hello, I am Ada.' },
        { role: 'assistant', text: 'How can I help?' },
        { role: 'user', text: '["ink","paper"]' },
      ],
    });
    const rendered = renderPrompt(parsed(GREETING), { name: 'Ada', tone: 'warm' });
    expect('problem' in rendered ? rendered : textsOf(rendered)).toEqual([
      'Be warm.',
      'Hello, I am Ada.',
      'How can I help?',
      '',
    ]);
  });

  it('never reads what a variable holds as an expression', () => {
    const rendered = renderPrompt(parsed(GREETING), { name: '${{ vars.tone }}' });
    expect(rendered).toMatchObject({ messages: [{ text: 'Hello, I am ${{ vars.tone }}.' }, {}, {}] });
  });

  it.each([
    [{}, /vars .*name/],
    [{ name: 'x'.repeat(41) }, /vars\.name/],
    [{ name: 'Ada', other: 1 }, /vars/],
    [{ name: 7 }, /vars\.name/],
  ])('refuses variables that do not fit: %j', (variables, message) => {
    expect(renderPrompt(parsed(GREETING), variables as never)).toEqual({ problem: expect.stringMatching(message) });
  });

  it('takes no variables if it declares none', () => {
    const plain = parsed('messages: [{ role: user, text: Hello }]');
    expect(renderPrompt(plain, {})).toMatchObject({ messages: [{ text: 'Hello' }] });
    expect(renderPrompt(plain, { a: 1 })).toHaveProperty('problem');
  });

  it('says which expression failed', () => {
    const failing = parsed(
      'variables: { type: object, properties: { a: {} } }\nmessages: [{ role: user, text: "${{ vars.a.b.c }}" }]',
    );
    expect(renderPrompt(failing, { a: null })).toEqual({ problem: expect.stringContaining('messages[0].text') });
  });

  it('is bounded, however its expressions multiply the variables', () => {
    const text = "${{ vars.a.map(x => vars.a.map(y => vars.a.join(''))) }}";
    const hostile = parsed(
      JSON.stringify({ variables: { type: 'object', properties: { a: {} } }, messages: [{ role: 'user', text }] }),
    );
    const started = performance.now();
    const made = renderPrompt(hostile, { a: Array.from({ length: 300 }, () => 'x'.repeat(1_000)) });
    expect(made).toHaveProperty('problem');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('the document of a prompt', () => {
  it.each([
    ['[]', 'bad-value'],
    ['messages: []', 'bad-value'],
    ['messages: [{ role: system, text: x }]', 'bad-value'],
    ['messages: [{ role: user, text: x }, { role: assistant, text: y }]', 'bad-value'],
    ['messages: [{ role: user, text: x }]\nmesages: 1', 'unknown-key'],
    ['messages: [{ role: user, text: "${{ vars.x }}" }]', 'unknown-var'],
    ['messages: [{ role: user, text: "${{ nodes.x }}" }]', 'not-in-scope'],
    ['messages: [{ role: user, text: "${{ 1 + }}" }]', 'expression-syntax'],
    ['variables: { type: string }\nmessages: [{ role: user, text: x }]', 'bad-value'],
    [
      'variables: { type: object, properties: { a: { pattern: "(" } } }\nmessages: [{ role: user, text: x }]',
      'bad-schema',
    ],
    ['messages: [{ role: user, text: x }]\ntests: [{ name: a }, { name: a }]', 'duplicate-id'],
    ['messages: [', 'syntax'],
  ])('has problems with a code and a place: %s', (text, code) => {
    const { document, problems } = parsePrompt(text);
    expect(document).toBeNull();
    expect(problems[0]).toMatchObject({ code, line: expect.any(Number), column: expect.any(Number) });
  });

  it('is refused if it is too large', () => {
    expect(parsePrompt(`messages: [{ role: user, text: "${'x'.repeat(300_000)}" }]`).problems).toMatchObject([
      { code: 'too-large' },
    ]);
  });
});

describe('the tests of a prompt', () => {
  const tested = (tests: string) => testPrompt(parsed(`${GREETING}tests:\n${tests}`));

  it('pass if everything is as they expect', () => {
    const outcomes = tested(`
  - { name: renders, variables: { name: Ada } }
  - name: says all
    variables: { name: Ada, tone: warm }
    expect: { instructions: Be warm., messages: ["Hello, I am Ada.", How can I help?, ""], contains: [Ada], lacks: [Bob] }
  - { name: needs a name, expect: { fails: true } }
`);
    expect(outcomes.map(({ name, differences }) => [name, differences])).toEqual([
      ['renders', []],
      ['says all', []],
      ['needs a name', []],
    ]);
  });

  it('say what is different', () => {
    const outcomes = tested(`
  - name: all wrong
    variables: { name: Ada }
    expect: { instructions: Be kind., messages: [Hi, How can I help?], contains: [Bob], lacks: [Ada] }
  - { name: no name }
  - { name: fine, variables: { name: Ada }, expect: { fails: true } }
`);
    expect(outcomes[0]!.differences).toEqual([
      'The instructions are "Be brief.", not "Be kind.".',
      'There are 3 messages, not 2.',
      'Message 1 is "Hello, I am Ada.", not "Hi".',
      'The prompt does not contain "Bob".',
      'The prompt contains "Ada".',
    ]);
    expect(outcomes[1]!.differences).toEqual([expect.stringMatching(/name/)]);
    expect(outcomes[2]!.differences).toEqual(['The variables should be refused, and are not.']);
  });
});

describe('a graph that names prompts', () => {
  const graph = parseGraph(`
blok: 1
name: g
nodes:
  open: { uses: ai.write, with: { prompt: { name: greeting, variables: { name: "\${{ input.n }}" } } } }
  fixed: { uses: ai.write, with: { prompt: { name: greeting, version: 1 } } }
  own: { uses: ai.write, with: { prompt: Hello } }
  chosen: { uses: ai.write, with: { prompt: { name: "\${{ input.p }}" } } }
  each:
    uses: forEach
    with: { items: [1] }
    nodes: { in: { uses: ai.write, with: { prompt: { name: greeting } }, compensate: { uses: ai.write, with: { prompt: { name: greeting } } } } }
  safe:
    uses: try
    nodes: { a: { uses: set, with: { value: 1 } } }
    catch: { nodes: { b: { uses: ai.write, with: { prompt: { name: greeting } } } } }
    finally: { nodes: { c: { uses: ai.write, with: { prompt: { name: greeting } } } } }
`).graph!;

  it('gets their newest versions into its plan, at every depth, and keeps those that it names', () => {
    const { nodes } = pinPrompts(graph, testCatalogue, testPrompts) as unknown as { nodes: Record<string, never> };
    const prompt = (path: string) =>
      path.split('.').reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, nodes).with;
    const version = (path: string) => (prompt(path) as { prompt: { version?: number } }).prompt.version;
    expect(prompt('open')).toEqual({ prompt: { name: 'greeting', version: 3, variables: { name: '${{ input.n }}' } } });
    expect(
      ['fixed', 'each.nodes.in', 'each.nodes.in.compensate', 'safe.catch.nodes.b', 'safe.finally.nodes.c'].map(version),
    ).toEqual([1, 3, 3, 3, 3]);
    expect([prompt('own'), prompt('chosen')]).toEqual([{ prompt: 'Hello' }, { prompt: { name: '${{ input.p }}' } }]);
  });

  it('is not changed itself, and its plan has another hash when a prompt has a new version', () => {
    const before = graphHash(graph);
    const hashes = [3, 3, 4].map(
      (newest) => compile(pinPrompts(graph, testCatalogue, new Map([['greeting', newest]])), testCatalogue).plan!.hash,
    );
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[2]).not.toBe(hashes[0]);
    expect(graphHash(graph)).toBe(before);
  });
});
