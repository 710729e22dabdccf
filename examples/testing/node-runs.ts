import { mcpServer } from '../../integrations/ai/testing/mcp-server.ts';
import type { AiCase } from '../../integrations/ai/testing/node-cases.ts';
import { KEY, MCP_URL } from '../../integrations/ai/testing/node-ways.ts';
import { scriptedModel } from '../../integrations/ai/testing/scripted-model.ts';
import type { DOCUMENT_CASES } from '../../integrations/parsing/testing/node-cases.ts';
import type { Fault } from '../../integrations/testing/fake-provider/faults.ts';
import type { FakeProvider } from '../../integrations/testing/fake-provider/provider.ts';

/** When a worker is killed: the effect has not happened yet, or nobody knows of it yet. */
export type KillMoment = 'before' | 'after';

/** One run of one node, whose worker is killed. */
export interface NodeRun {
  readonly type: string;
  readonly moment: KillMoment;
  readonly graph: string;
  /** What the run ends with. */
  readonly ends: { readonly status: string; readonly output?: object; readonly error?: object };
  /** The connection that the node needs. */
  readonly connection: { readonly name: string; readonly data: Record<string, string> } | null;
  /** Whether the worker waits in the middle of the node, so that it can be killed there. */
  waits(): boolean;
  /** How many calls have arrived at the server of a model, and how many of them it has answered and would charge. */
  asked(): number;
  made(): number;
  /** How many of them the node needs. */
  readonly answers: number;
  close(): Promise<void>;
}

/** Fields that all runs have. */
const RETRY = { maxAttempts: 9, delay: '200ms', factor: 1, maxDelay: '200ms' };

const graphOf = (node: object): string =>
  JSON.stringify({ blok: 1, name: 'killed', nodes: { n: node }, output: '${{ nodes.n }}' });

/**
 * A run of an `ai` node at a server of its own, which holds back the answer to one call.
 *
 * @param nth the call, counted from 1
 */
export async function aiRun(one: AiCase, moment: KillMoment, nth: number): Promise<NodeRun> {
  const isMcp = one.node.type.startsWith('ai.mcp');
  const [model, mcp] = [await scriptedModel(), await mcpServer()];
  if (one.says) model.say(one.says);
  const server: FakeProvider<unknown> = isMcp ? mcp : model;
  const hold = holder(moment, nth, isMcp);
  server.always(isMcp ? 'POST /mcp' : 'POST /v1/*', hold.fault);
  const given = Object.entries(one.with).map(([name, value]) => [name, value === MCP_URL ? `${mcp.base}/mcp` : value]);
  const name = `${one.node.type.replace('.', '-').toLowerCase()}-${moment}`;
  const node = {
    uses: one.node.type,
    with: Object.fromEntries(given),
    retry: RETRY,
    ...(isMcp ? {} : { connection: name }),
  };
  return {
    type: one.node.type,
    moment,
    graph: graphOf(one.node.type === 'ai.turn' ? agentOf(name) : node),
    ends: endOf(one),
    connection: isMcp ? null : { name, data: { apiKey: KEY, baseUrl: `${model.base}/v1` } },
    waits: hold.holds,
    asked: () => model.requests.length,
    made: () => (isMcp ? mcp.state.called.length : model.state.answered),
    answers: one.answers,
    close: async () => {
      await Promise.all([model.close(), mcp.close()]);
    },
  };
}

function endOf({ node, output }: AiCase): NodeRun['ends'] {
  // Nobody knows what a tool of somebody else does if it is called twice.
  if (node.type === 'ai.mcpCall') return { status: 'failed', error: { code: 'mcp.unknown', unknown: true } };
  return { status: 'succeeded', output: node.type === 'ai.turn' ? { output: 'Here.', turns: 1 } : output };
}

/** A turn is a step of an agent, and no node that somebody writes. */
const agentOf = (connection: string) => ({
  uses: 'ai.agent',
  connection,
  retry: RETRY,
  with: {
    ...{ model: 'gpt-6-luna', input: 'Where is order 7?', background: false },
    tools: { find: { description: 'Finds an order.' } },
  },
  nodes: { find: { uses: 'kv.get', with: { key: 'order' } } },
});

/** Holds back one answer for good: the request is not looked at, or it is done and nobody is told. */
function holder(moment: KillMoment, nth: number, isMcp: boolean): { fault: Fault; holds: () => boolean } {
  let [seen, holds] = [0, false];
  return {
    holds: () => holds,
    fault: async (turn, { body }) => {
      // Before a call of a tool, the two sides introduce themselves.
      const counts = !isMcp || /^tools\//.test((body as { method?: string }).method ?? '');
      seen += counts ? 1 : 0;
      if (!counts || holds || seen !== nth) return turn.pass();
      if (moment === 'after') await turn.commit();
      holds = true;
    },
  };
}

/** A run of a node for documents, at a worker that tells where it is. @param told whether the worker has told of it */
export function documentRun(one: (typeof DOCUMENT_CASES)[number], moment: KillMoment, told: () => boolean): NodeRun {
  const { saveAs } = one.with as { saveAs?: string };
  const path = saveAs && `${moment}/${saveAs}`;
  const saved = path ? { with: { saveAs: path }, path: { path } } : { with: {}, path: {} };
  return {
    type: one.node.type,
    moment,
    graph: graphOf({ uses: one.node.type, with: { ...one.with, ...saved.with }, retry: RETRY }),
    ends: { status: 'succeeded', output: { ...one.output, ...saved.path } },
    connection: null,
    waits: told,
    asked: () => 0,
    made: () => 0,
    answers: 0,
    close: () => Promise.resolve(),
  };
}
