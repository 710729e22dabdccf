import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { type Fault, refuse } from '../../testing/fake-provider/faults.ts';
import type { McpState } from './mcp-server.ts';
import type { AskedModel, Said } from './scripted-model.ts';

/** A way to make a node fail. */
export interface Way {
  /** Changes of the parameters; undefined takes one away. */
  readonly with?: object;
  readonly says?: (asked: AskedModel) => Said;
  /** What happens to each request for an answer. */
  readonly fault?: Fault | undefined;
  /** What happens to the first requests, one each. */
  readonly faults?: readonly (Fault | null | undefined)[];
  readonly context?: Partial<NodeContext>;
  /** The connection is one to this provider. Default: to OpenAI. */
  readonly connection?: 'anthropic' | 'gemini';
  readonly mcp?: (state: McpState) => void;
  /** Puts this text where the model is told something. */
  readonly tells?: string;
  /** Runs the node, perhaps several times. */
  readonly act?: (run: (parameters: object) => Promise<unknown>) => Promise<unknown>;
  /** Most requests that may be sent. */
  readonly sends?: number;
}

/** Stands for the address of the MCP server of the test. */
export const MCP_URL = 'http://mcp.test/mcp';
/** The key of the connection. */
export const KEY = 'sk-test-0123456789';

/** Documents that no parser takes, as base64. */
export const bad = { archive: Buffer.from('526172211a0700', 'hex').toString('base64') } as const;

/** Codes of a document that is read as `document.text` reads it. */
export const AS_DOCUMENT_TEXT = Object.fromEntries(
  ['broken', 'crashed', 'encoding', 'encrypted', 'kind', 'scanned', 'timeout']
    .map((code) => `document.${code}`)
    .concat('code.sandbox')
    .map((code) => [code, 'proven for document.text']),
);

/** Why a code cannot happen to a node. */
export const PARTS = 'a long text is read in parts';
export const NO_WORDS = { unsupported: 'what it sends is understood by every provider' } as const;
/** Services beside answers have no words of a model. */
export const NO_TEXT = {
  'ai.refused': 'a service does not answer in words',
  'ai.filtered': 'a service does not answer in words',
} as const;
/** Services that only some providers have. */
export const SERVICE = {
  'anthropic.*': 'Anthropic has no such service',
  'gemini.*': 'proven by `integrations/gemini/models.test.ts`',
} as const;

const flood: Fault = ({ stream }) => stream({ headers: { 'content-type': 'application/json' } }, spaces());

async function* spaces(): AsyncGenerator<string> {
  const piece = ' '.repeat(1_048_576);
  for (;;) yield piece;
}

const filtered: Said = {
  reply: { body: { id: 'r', status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [] } },
};

const noRoom = () => Promise.reject(new NodeError('ai.budget', 'The budget "b" has no room.'));

/** More than any request may have. */
export const TOO_LONG: Way = { tells: 'words and '.repeat(1_700_000), sends: 0 };

/** Ways that work for every node that asks a model. */
export const COMMON_WAYS: Readonly<Record<string, Way>> = {
  'ai.budget': { context: { spending: { reserve: noRoom } }, sends: 0 },
  'ai.secret': { tells: `My key is ${KEY}.`, sends: 0 },
  'ai.tooLong': { tells: 'word '.repeat(80_000), sends: 0 },
  'ai.refused': { says: () => ({ refusal: 'I will not.' }) },
  'ai.filtered': { says: () => filtered },
  'ai.tooLarge': { fault: flood },
  'ai.cut': { says: () => ({ cut: '{"' }) },
  'ai.invalid': { says: () => 'nonsense' },
  'ai.noAnswer': { says: () => '' },
  'openai.*': { fault: refuse(400, { error: { code: 'unsupported_value', message: 'No.' } }) },
  'anthropic.*': {
    connection: 'anthropic',
    fault: refuse(400, { type: 'error', error: { type: 'invalid_request_error', message: 'No.' } }),
  },
  'gemini.*': { connection: 'gemini', fault: refuse(400, { error: { status: 'INVALID_ARGUMENT', message: 'No.' } }) },
  'file.notFound': { with: { text: undefined, base64: undefined, path: 'nowhere.bin' }, sends: 0 },
  'file.path': { with: { text: undefined, base64: undefined, path: '../secret' }, sends: 0 },
  'document.tooLarge': {
    with: { text: undefined, base64: undefined, blob: { sha256: '0'.repeat(64), size: 65 * 1_048_576 } },
    sends: 0,
  },
  'mcp.address': { with: { url: 'ftp://wiki.example' } },
  'mcp.refused': {
    fault: ({ send }, { body }) => {
      const { id } = body as { id?: number };
      send({ body: { jsonrpc: '2.0', id, error: { code: -32_000, message: 'Not today.' } } });
    },
  },
  'mcp.*': { fault: refuse(403) },
};
