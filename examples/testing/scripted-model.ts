import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AskedTurn,
  anthropic,
  gemini,
  openai,
  type Protocol,
  type ScriptedTurn,
  working,
} from './scripted-shapes.ts';

export type { ScriptedTurn } from './scripted-shapes.ts';

/** Something that happened at the server, before it is answered or after. */
export type Moment = `${'asked' | 'looked' | 'told'} ${number}`;

/**
 * A server with models that follow scripts. It speaks OpenAI's Responses API in the background, and the protocols of Anthropic and
 * Gemini.
 */
export interface ScriptedModel {
  /** The address of the server. */
  readonly base: string;
  /** The base URL of a connection to it as OpenAI. */
  readonly url: string;
  /** The turns that were asked for since `begin`, perhaps of one model only: each of them would have to be paid for. */
  paid(model?: string): readonly number[];
  /** Names of the tools that the models were told of since `begin`. */
  tools(): readonly string[];
  /** How many answers it was told to stop since `begin`. */
  stopped(): number;
  /**
   * Forgets what was asked, and hears of moments: `asked` a turn, `looked` for the first time, `told` its answer. A turn is
   * answered when who hears that it was asked is ready.
   */
  begin(onMoment?: (moment: Moment) => unknown): void;
  close(): Promise<void>;
}

interface Kept {
  readonly script: readonly ScriptedTurn[];
  readonly turn: number;
  readonly results: readonly string[];
  looks: number;
}

/** Starts the server on a free port, with a script for each model. It outlives whatever is killed. */
export async function startScriptedModel(
  scripts: Readonly<Record<string, readonly ScriptedTurn[]>>,
): Promise<ScriptedModel> {
  const kept = new Map<string, Kept>();
  let paid: { model: string; turn: number }[] = [];
  let stopped: string[] = [];
  let tools = new Set<string>();
  let hear: (moment: Moment) => unknown = () => undefined;

  /** Notes a request, and finds the turn that it asks for. */
  const begun = async ({ model, called, results, tools: told }: AskedTurn) => {
    for (const name of told) tools.add(name);
    const script = scripts[model] ?? [];
    const turn = turnAfter(script, called);
    paid.push({ model, turn });
    await hear(`asked ${turn}`);
    return { id: `resp_${randomUUID()}`, script, turn, results };
  };
  const ask = async (asked: AskedTurn) => {
    const { id, ...rest } = await begun(asked);
    kept.set(id, { ...rest, looks: 0 });
    return working(id, 'queued');
  };
  const look = (id: string) => {
    const found = kept.get(id);
    if (found === undefined) return null;
    found.looks += 1;
    const said = found.script[found.turn];
    // A model without a script never comes to an end.
    if (found.looks > 1 && said !== undefined) {
      const answer = openai.answer({ id, turn: said, results: found.results });
      return { answer, moment: `told ${found.turn}` as const };
    }
    hear(`looked ${found.turn}`);
    return { answer: working(id, 'in_progress'), moment: null };
  };
  const stop = (id: string) => {
    stopped.push(id);
    return working(id, 'cancelled');
  };
  const direct = async (response: ServerResponse, protocol: Protocol, asked: AskedTurn): Promise<void> => {
    const { id, script, turn, results } = await begun(asked);
    reply(response, 200, protocol.answer({ id, turn: script[turn]!, results }), () => hear(`told ${turn}`));
  };

  const server = createServer(async (request, response) => {
    const path = request.url!;
    const [id, isStopped] = /\/responses\/([^/]+)(\/cancel)?$/.exec(path)?.slice(1) ?? [];
    if (isStopped) return reply(response, 200, stop(id!));
    if (request.method === 'POST') {
      const body = JSON.parse(await textOf(request));
      const other = path.endsWith('/messages') ? anthropic : path.includes(':generateContent') ? gemini : null;
      if (other) return direct(response, other, other.read(body, path));
      return reply(response, 200, await ask(openai.read(body, path)));
    }
    const found = look(id!);
    if (found === null) return reply(response, 404, { error: { message: 'Not found.', code: 'not_found' } });
    reply(response, 200, found.answer, () => found.moment && hear(found.moment));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    url: `${base}/v1`,
    paid: (model) => paid.filter((one) => model === undefined || one.model === model).map(({ turn }) => turn),
    tools: () => [...tools],
    stopped: () => stopped.length,
    begin(onMoment = () => undefined) {
      paid = [];
      stopped = [];
      tools = new Set();
      hear = onMoment;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The turn that comes when the model has made this many calls. */
function turnAfter(script: readonly ScriptedTurn[], called: number): number {
  let before = 0;
  for (const [index, turn] of script.entries()) {
    if (before >= called) return index;
    before += 'calls' in turn ? turn.calls.length : 0;
  }
  return Math.max(0, script.length - 1);
}

function reply(response: ServerResponse, status: number, body: object, sent: () => unknown = () => undefined): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body), () => sent());
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
