import type { NodeCase } from '../../testing/node-case.ts';
import { askDocument } from '../ask-document.ts';
import { classify } from '../classify.ts';
import { code } from '../code.ts';
import { describeImage } from '../describe-image.ts';
import { embed } from '../embed.ts';
import { entities } from '../entities.ts';
import { generate } from '../generate.ts';
import { generateImage } from '../generate-image.ts';
import { intent } from '../intent.ts';
import { mcpCall } from '../mcp-call.ts';
import { mcpTools } from '../mcp-tools.ts';
import { moderate } from '../moderate.ts';
import { object } from '../object.ts';
import { patterns } from '../patterns.ts';
import { rewrite } from '../rewrite.ts';
import { sentiment } from '../sentiment.ts';
import { similar } from '../similar.ts';
import { summarize } from '../summarize.ts';
import { transcribe } from '../transcribe.ts';
import { translate } from '../translate.ts';
import { turn } from '../turn.ts';
import { AS_DOCUMENT_TEXT, bad, MCP_URL, NO_TEXT, NO_WORDS, PARTS, SERVICE, TOO_LONG, type Way } from './node-ways.ts';
import { type AskedModel, PIXEL, type Said } from './scripted-model.ts';

/** How an `ai` node is tried. */
export interface AiCase extends NodeCase<Way> {
  /** What the model says. */
  readonly says?: (asked: AskedModel) => Said;
  /** How many answers the provider makes, and charges, if nothing goes wrong. */
  readonly answers: number;
  /** The parameters with a text in them that the model is told. */
  readonly telling?: (text: string) => object;
}

const PARAGRAPHS = Array.from({ length: 3 }, (_, at) => `Chapter ${at} ${'word '.repeat(150)}`).join('\n\n');
const LISTS = Array.from({ length: 12 }, (_, at) => `${['late parcel', 'charged twice'][at % 2]} ${'abcdef'[at >> 1]}`);
const RULE = 'The tenant may give notice until the third working day.';
/** As large as a recording of ten seconds. */
const RECORDING = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(20_000)]).toString('base64');

/** Every `ai` node. `model` is one with a known price, so that what it costs can be compared. */
export const AI_CASES: readonly AiCase[] = [
  {
    node: generate,
    with: { model: 'gpt-6-luna', prompt: 'Hello' },
    says: () => 'Good day.',
    output: { text: 'Good day.', cut: false },
    answers: 1,
    telling: (prompt) => ({ prompt }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported },
    fails: { ...attachedWays(), 'ai.tooLong': TOO_LONG },
  },
  {
    node: object,
    with: {
      model: 'gpt-6-luna',
      prompt: 'Read it.',
      schema: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
    },
    says: () => ({ n: 7 }),
    output: { value: { n: 7 }, repairs: 0 },
    answers: 1,
    telling: (prompt) => ({ prompt }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported },
    fails: {
      'ai.schema': { with: { schema: { properties: { n: { $ref: '#/$defs/none' } } } } },
      ...attachedWays(),
      'ai.tooLong': TOO_LONG,
    },
  },
  {
    node: classify,
    with: { model: 'gpt-6-luna', text: 'a b', labels: ['a', 'b'] },
    says: () => ({ labels: [{ label: 'a', confidence: 0.5 }], evidence: ['a'] }),
    output: { label: 'a', evidence: ['a'] },
    answers: 1,
    telling: (text) => ({ text }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported },
    fails: { 'ai.empty': { with: { text: ' ' } } },
  },
  {
    node: sentiment,
    with: { model: 'gpt-6-luna', text: 'a b' },
    says: () => ({ sentiment: 'positive', score: 0.5, confidence: 1, evidence: ['b'] }),
    output: { sentiment: 'positive', evidence: ['b'] },
    answers: 1,
    telling: (text) => ({ text }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported },
  },
  {
    node: entities,
    with: { model: 'gpt-6-luna', text: PARAGRAPHS.repeat(30), types: ['thing'] },
    says: () => ({ entities: [{ type: 'thing', quote: 'Chapter 1', value: 'Chapter 1' }] }),
    output: { entities: [{ type: 'thing', text: 'Chapter 1' }] },
    answers: 6,
    telling: (text) => ({ text }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported, 'ai.tooLong': PARTS },
  },
  {
    node: intent,
    with: { model: 'gpt-6-luna', text: 'call me', intents: [{ name: 'call', slots: [{ name: 'who' }] }] },
    says: () => ({ intent: 'call', confidence: 1, evidence: [], slots: [{ name: 'who', value: 'me' }] }),
    output: { intent: 'call', slots: { who: 'me' } },
    answers: 1,
    telling: (text) => ({ text }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported },
  },
  {
    node: summarize,
    with: { model: 'gpt-6-luna', text: PARAGRAPHS, partTokens: 200 },
    says: () => 'A note.',
    output: { summary: 'A note.', parts: 4 },
    answers: 5,
    telling: (text) => ({ text }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported, 'ai.tooLong': PARTS },
  },
  {
    node: translate,
    with: { model: 'gpt-6-luna', text: PARAGRAPHS, to: 'German', partTokens: 200 },
    says: () => 'Wort',
    output: { text: 'Wort Wort Wort Wort ', parts: 4 },
    answers: 4,
    telling: (text) => ({ text }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported, 'ai.tooLong': PARTS },
  },
  {
    node: rewrite,
    with: { model: 'gpt-6-luna', text: PARAGRAPHS, tone: 'simple', partTokens: 200 },
    says: () => 'Simple.',
    output: { parts: 4 },
    answers: 4,
    telling: (text) => ({ text }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported, 'ai.tooLong': PARTS },
  },
  {
    node: code,
    with: { model: 'gpt-6-luna', task: 'Return one.' },
    says: () => ({ code: 'return 1', explanation: 'One.' }),
    output: { code: 'return 1' },
    answers: 1,
    telling: (data) => ({ data }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported },
  },
  {
    node: describeImage,
    with: { model: 'gpt-6-luna', base64: PIXEL },
    says: () => ({ description: 'A dot.', things: ['dot'], text: '', answer: null }),
    output: { description: 'A dot.', things: ['dot'] },
    answers: 1,
    telling: (instructions) => ({ instructions }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported, 'ai.tooLong': 'what it is told has a limit in its schema' },
    fails: { 'document.kind': { with: { base64: bad.archive } } },
  },
  {
    node: askDocument,
    with: { model: 'gpt-6-luna', text: RULE, question: 'Until when?' },
    says: () => ({ found: true, answer: 'The third day.', quotes: [RULE] }),
    output: { found: true, answer: 'The third day.' },
    answers: 1,
    telling: (text) => ({ text }),
    leftOut: {
      'ai.unsupported': NO_WORDS.unsupported,
      'ai.tooLong': 'a long document is shown in passages',
      ...AS_DOCUMENT_TEXT,
    },
  },
  {
    node: embed,
    with: { model: 'text-embedding-3-small', texts: LISTS },
    output: { count: 12, dimensions: 512 },
    answers: 1,
    telling: (text) => ({ texts: [text] }),
    leftOut: { ...SERVICE, ...NO_TEXT, 'ai.tooLong': 'the provider says so' },
    fails: {
      'ai.unsupported': { connection: 'anthropic' },
      'ai.invalid': { fault: vectorsOf([1], [1, 2]) },
      'ai.dimensions': {
        with: { texts: Array.from({ length: 600 }, (_, at) => `text ${at}`) },
        faults: [null, vectorsOf([1, 2, 3])],
      },
    },
  },
  {
    node: similar,
    with: { model: 'text-embedding-3-small', query: 'late parcel', texts: LISTS, top: 1 },
    output: { matches: [{ index: 0 }] },
    answers: 1,
    telling: (query) => ({ query }),
    leftOut: { ...SERVICE, ...NO_TEXT, 'ai.tooLong': 'the provider says so' },
    fails: {
      'ai.unsupported': { connection: 'anthropic' },
      'ai.invalid': { fault: vectorsOf([1], [1, 2]) },
      'ai.dimensions': { with: { query: undefined, texts: undefined, queryVector: [1], vectors: [[1, 2]] } },
      'ai.empty': { with: { query: ' ' } },
    },
  },
  {
    node: patterns,
    with: { model: 'text-embedding-3-small', naming: 'gpt-6-luna', texts: LISTS },
    says: ({ texts }) => ({ groups: texts.map((_, at) => ({ group: at + 1, name: 'n', description: 'd' })) }),
    output: { clusters: [{ name: 'n' }, { name: 'n' }] },
    answers: 2,
    telling: (text) => ({ texts: [...LISTS, text] }),
    leftOut: { ...SERVICE, 'ai.tooLong': 'the provider says so' },
    fails: {
      'ai.unsupported': { connection: 'anthropic' },
      'ai.dimensions': { with: { naming: undefined, texts: undefined, vectors: [[1], [1, 2]] } },
    },
  },
  {
    node: moderate,
    with: { model: 'omni-moderation-latest', text: 'I will kill the lights.' },
    output: { flagged: true, categories: ['violence'] },
    answers: 0,
    telling: (text) => ({ text }),
    leftOut: { ...SERVICE, ...NO_TEXT, 'ai.tooLong': PARTS },
    fails: {
      'ai.unsupported': { connection: 'anthropic' },
      'document.kind': { with: { text: undefined, base64: bad.archive } },
    },
  },
  {
    node: transcribe,
    with: { model: 'whisper-1', base64: RECORDING },
    output: { text: 'heard recording.mp3' },
    answers: 1,
    leftOut: { ...SERVICE, ...NO_TEXT, 'ai.tooLong': 'a recording is no text', 'ai.secret': 'a recording is no text' },
    fails: { 'ai.unsupported': { connection: 'anthropic' }, 'document.kind': { with: { base64: bad.archive } } },
  },
  {
    node: generateImage,
    with: { model: 'gpt-image-1', prompt: 'A dot' },
    output: { contentType: 'image/png' },
    answers: 1,
    telling: (prompt) => ({ prompt }),
    leftOut: { ...SERVICE, ...NO_TEXT, 'ai.tooLong': 'what it is told has a limit in its schema' },
    fails: {
      'ai.unsupported': { connection: 'anthropic' },
      'ai.invalid': {
        fault: ({ send }) => send({ body: { data: [{ b64_json: Buffer.from('<svg/>').toString('base64') }] } }),
      },
      'file.path': { with: { saveAs: '../image.png' } },
    },
  },
  {
    node: mcpCall,
    with: { url: MCP_URL, tool: 'search', args: { query: 'refunds' } },
    output: { text: 'search has answered' },
    answers: 0,
    fails: {
      'mcp.missing': { with: { tool: 'nothing', sha256: '0'.repeat(64) } },
      'mcp.changed': { with: { sha256: '0'.repeat(64) } },
      'mcp.tooLarge': {
        mcp: (state) => {
          state.answer = () => ({ content: [{ type: 'text', text: 'x'.repeat(5_000_000) }] });
        },
      },
      'mcp.failed': {
        mcp: (state) => {
          state.answer = () => ({ isError: true, content: [{ type: 'text', text: 'It broke.' }] });
        },
      },
      'mcp.unknown': { context: { lookBefore: true } },
    },
  },
  {
    node: mcpTools,
    with: { url: MCP_URL, tools: ['search'] },
    output: { server: 'mcp', tools: [{ name: 'search' }] },
    answers: 0,
    fails: {
      'mcp.missing': { with: { tools: ['nothing'] } },
      'mcp.changed': { with: { tools: [{ name: 'search', sha256: '0'.repeat(64) }] } },
      'mcp.tooLarge': {
        mcp: (state) => {
          state.tools[0]!.description = 'x'.repeat(30_000);
        },
      },
    },
  },
  {
    node: turn,
    with: turnWith({}),
    says: () => 'Here.',
    output: { done: true, answer: { output: 'Here.', turns: 1 } },
    answers: 1,
    telling: (input) => turnWith({ input }),
    leftOut: { 'ai.unsupported': NO_WORDS.unsupported },
    fails: {
      'ai.tooLong': TOO_LONG,
      'agent.tokens': { with: turnWith({ maxTokens: 20 }) },
      'ai.invalid': {
        says: () => 'nonsense',
        act: async (run) => {
          const output = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
          let last = (await run(turnWith({ output }))) as { conversation: object };
          for (let again = 0; again < 2; again += 1)
            last = (await run({ ...turnWith({}), next: { maxTurns: 9, conversation: last.conversation } })) as never;
        },
      },
    },
  },
];

function turnWith(start: object) {
  return {
    next: { start: { model: 'gpt-6-luna', input: 'Where is order 7?', background: false, ...start }, maxTurns: 9 },
    tools: { find: { description: 'Finds an order.', parameters: { type: 'object' } } },
  };
}

/** Ways to the errors of images that are sent along. */
function attachedWays(): Record<string, Way> {
  const large = Buffer.concat([Buffer.from(PIXEL, 'base64'), Buffer.alloc(11_000_000)]).toString('base64');
  const images = (...given: object[]): Way => ({ with: { images: given }, sends: 0 });
  return {
    'document.kind': images({ base64: bad.archive }),
    // Only together.
    'document.tooLarge': images({ base64: large }, { base64: large }),
    'file.notFound': images({ path: 'nowhere.png' }),
    'file.path': images({ path: '../secret.png' }),
  };
}

/** An answer with other vectors than were asked for. */
function vectorsOf(...vectors: number[][]): Way['fault'] {
  return ({ send }, { body }) => {
    const { input } = body as { input: string[] };
    const data = input.map((_, index) => ({ object: 'embedding', index, embedding: vectors[index % vectors.length] }));
    send({ body: { object: 'list', data, usage: { prompt_tokens: 1 } } });
  };
}
