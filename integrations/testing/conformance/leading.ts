import { Agent, Dispatcher } from 'undici';
import type { Network } from '../../context.ts';
import { refusingNetwork } from '../../network/refusing.ts';

/** A request as a node sent it, before it was led elsewhere. */
export interface Sent {
  readonly host: string;
  readonly port: number;
  /** Its path and headers. */
  readonly said: string;
  /** Its headers, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A network in which every host is one server; what is not HTTP is refused. */
export type LeadingNetwork = Network & {
  /** What was sent since it was last emptied. */
  readonly sent: Sent[];
  close(): Promise<void>;
};

/** @param base where every request is led to */
export function leadingTo(base: string): LeadingNetwork {
  const agent = new Agent();
  const sent: Sent[] = [];
  const dispatcher = new Leading(agent, base, sent);
  return {
    dispatcher,
    sent,
    secured: () => ({ dispatcher, close: () => Promise.resolve() }),
    resolve: refusingNetwork().resolve,
    close: () => agent.destroy(),
  };
}

class Leading extends Dispatcher {
  readonly #agent: Agent;
  readonly #base: string;
  readonly #sent: Sent[];

  constructor(agent: Agent, base: string, sent: Sent[]) {
    super();
    this.#agent = agent;
    this.#base = base;
    this.#sent = sent;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { hostname, port, protocol } = new URL(String(options.origin));
    const headers = headersOf(options.headers);
    this.#sent.push({
      host: hostname,
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      said: JSON.stringify([options.path, headers]),
      headers,
    });
    return this.#agent.dispatch({ ...options, origin: this.#base }, handler);
  }
}

/** Headers in each form that undici takes: a list of names and values in turn, pairs, or an object. */
function headersOf(headers: Dispatcher.DispatchOptions['headers']): Record<string, string> {
  return Object.fromEntries(pairsOf(headers).map(([name, value]) => [String(name).toLowerCase(), String(value)]));
}

function pairsOf(headers: Dispatcher.DispatchOptions['headers']): (readonly [unknown, unknown])[] {
  if (!headers) return [];
  if (!(Symbol.iterator in headers)) return Object.entries(headers);
  const list = [...(headers as Iterable<unknown>)];
  if (typeof list[0] !== 'string') return list as [unknown, unknown][];
  return list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1]] as const] : []));
}
