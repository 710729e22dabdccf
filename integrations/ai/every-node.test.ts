/** Every `ai` node of the catalogue: it succeeds, it fails with each code of its table, and it ends with its step. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeContext } from '../context.ts';
import { hang } from '../testing/fake-provider/faults.ts';
import { gapsOf, isCode, waysOf } from '../testing/node-case.ts';
import { failure, runNode } from '../testing/run-node.ts';
import { ai } from './index.ts';
import { startFakeModels } from './testing/fake-models.ts';
import { mcpServer } from './testing/mcp-server.ts';
import { AI_CASES, type AiCase } from './testing/node-cases.ts';
import { COMMON_WAYS, MCP_URL, type Way } from './testing/node-ways.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
const others = await startFakeModels();
const mcp = await mcpServer();
const OTHERS = { anthropic: others.Anthropic!, gemini: others.Gemini! };
const all = [model, mcp, ...Object.values(others).map(({ provider }) => provider)];
beforeEach(() => {
  for (const server of all) server.reset();
});
afterAll(() => Promise.all(all.map((server) => server.close())));

const sent = () =>
  model.requests.length + OTHERS.anthropic.provider.requests.length + OTHERS.gemini.provider.requests.length;

/** The parameters of a case as a way changes them. */
function parametersOf(one: AiCase, { with: changed = {}, tells }: Way, mcpUrl = `${mcp.base}/mcp`): object {
  const whole = { ...one.with, ...changed, ...(tells === undefined ? {} : one.telling?.(tells)) };
  const given = Object.entries(whole).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, value === MCP_URL ? mcpUrl : value]));
}

const isMcp = ({ node }: AiCase): boolean => node.type.startsWith('ai.mcp');

/** Runs the node of a case once, in the way that is given. */
function run(one: AiCase, way: Way = {}, more: Partial<NodeContext> = {}): Promise<unknown> {
  const says = way.says ?? one.says;
  if (says) model.say(says);
  way.mcp?.(mcp.state);
  const other = way.connection && OTHERS[way.connection];
  const provider = other?.provider ?? model;
  for (const [server, route] of [
    [provider, 'POST /v1/*'],
    [mcp, 'POST /mcp'],
  ] as const) {
    server.fail(route, ...(way.faults ?? []).map((fault) => fault ?? null));
    if (way.fault) server.always(route, way.fault);
  }
  const connection = isMcp(one) ? null : (other?.connection ?? model.context().connection);
  const ctx = model.context({ connection, ...way.context, ...more });
  const parameters = parametersOf(one, way);
  if (way.act) return way.act((given) => runNode(one.node, ctx, given));
  return runNode(one.node, ctx, parameters);
}

it('knows a case for every node, and a way to every code', () => {
  expect(gapsOf(AI_CASES, ai.nodes, COMMON_WAYS)).toEqual([]);
});

describe.each(AI_CASES)('$node.type', { timeout: 60_000 }, (one) => {
  it('succeeds, and asks as often as it must', async () => {
    expect(await run(one)).toMatchObject(one.output);
    expect(model.state.answered).toBe(one.answers);
  });

  it.each(waysOf<Way>(one, COMMON_WAYS))('fails with %s', async (code, way) => {
    const error = await failure(run(one, way));
    expect([code, isCode(error.code, code), error.code]).toEqual([code, true, error.code]);
    expect(error.message.length).toBeLessThan(2_000);
    if (way.sends !== undefined) expect(sent()).toBe(way.sends);
  });

  it('ends with its step, and sends nothing more', async () => {
    // Requests that are cut off may arrive late: no other test has this server.
    const own = await scriptedModel();
    const step = new AbortController();
    const fault: Way['fault'] = (turn, request) => {
      step.abort(new Error('cancelled'));
      return hang(turn, request);
    };
    own.always('POST /*', fault);
    const parameters = parametersOf(one, {}, `${own.base}/mcp`);
    const connection = isMcp(one) ? null : own.context().connection;
    const ctx = own.context({ connection, signal: step.signal });
    await expect(runNode(one.node, ctx, parameters)).rejects.toThrow('cancelled');
    // Parts of a text are asked for four at a time.
    expect(own.requests.length).toBeLessThanOrEqual(4);
    await own.close();
  });
});
