import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the model answers in one turn: calls of tools, or a text. */
export type ScriptedTurn =
  | { readonly calls: readonly (readonly [name: string, args: object])[] }
  | { readonly text: (results: readonly string[]) => string };

/** Something that happened at the server, before it is answered or after. */
export type Moment = `${'asked' | 'looked' | 'told'} ${number}`;

/** A server that speaks OpenAI's Responses API in the background, with models that follow scripts. */
export interface ScriptedModel {
  /** The base URL of its connection. */
  readonly url: string;
  /** The turns that were asked for since `begin`: each of them would have to be paid for. */
  paid(): readonly number[];
  /** Names of the tools that the model was told of since `begin`. */
  tools(): readonly string[];
  /** Forgets what was asked, and hears of moments: `asked` a turn, `looked` for the first time, `told` its answer. */
  begin(onMoment?: (moment: Moment) => void): void;
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
  let paid: number[] = [];
  let tools = new Set<string>();
  let hear: (moment: Moment) => void = () => undefined;

  const ask = (body: { model: string; input: { type?: string; output?: string }[]; tools?: { name: string }[] }) => {
    for (const { name } of body.tools ?? []) tools.add(name);
    const called = body.input.filter(({ type }) => type === 'function_call').length;
    const results = body.input
      .filter(({ type }) => type === 'function_call_output')
      .map(({ output }) => String(output));
    const id = `resp_${randomUUID()}`;
    const script = scripts[body.model] ?? [];
    const turn = turnAfter(script, called);
    kept.set(id, { script, turn, results, looks: 0 });
    paid.push(turn);
    hear(`asked ${turn}`);
    return working(id, 'queued');
  };
  const look = (id: string) => {
    const found = kept.get(id);
    if (found === undefined) return null;
    found.looks += 1;
    const said = found.script[found.turn];
    // A model without a script never comes to an end.
    if (found.looks > 1 && said !== undefined)
      return { answer: completed(id, said, found.results), moment: `told ${found.turn}` as const };
    hear(`looked ${found.turn}`);
    return { answer: working(id, 'in_progress'), moment: null };
  };

  const server = createServer(async (request, response) => {
    if (request.method === 'POST') return reply(response, 200, ask(JSON.parse(await textOf(request))));
    const found = look(request.url!.split('/').at(-1)!);
    if (found === null) return reply(response, 404, { error: { message: 'Not found.', code: 'not_found' } });
    reply(response, 200, found.answer, () => found.moment && hear(found.moment));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    paid: () => paid,
    tools: () => [...tools],
    begin(onMoment = () => undefined) {
      paid = [];
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

const common = (id: string) => ({
  id,
  object: 'response',
  created_at: 0,
  model: 'scripted',
  error: null,
  incomplete_details: null,
});
const working = (id: string, status: string) => ({ ...common(id), status, output: [], usage: null });

function completed(id: string, turn: ScriptedTurn, results: readonly string[]) {
  const output =
    'calls' in turn
      ? turn.calls.map(([name, args], index) => ({
          ...{ type: 'function_call', id: `fc_${id}_${index}`, call_id: `call_${id}_${index}`, status: 'completed' },
          ...{ name, arguments: JSON.stringify(args) },
        }))
      : [
          {
            ...{ type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed' },
            content: [{ type: 'output_text', text: turn.text(results), annotations: [] }],
          },
        ];
  const usage = {
    ...{ input_tokens: 100, output_tokens: 10, total_tokens: 110 },
    input_tokens_details: { cached_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  };
  return { ...common(id), status: 'completed', output, usage };
}

function reply(response: ServerResponse, status: number, body: object, sent: () => unknown = () => undefined): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body), () => sent());
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
