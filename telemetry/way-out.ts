/**
 * The way to the operator's own collector. A process that runs nodes closes the usual ways out (`integrations/network`),
 * so these requests bring connections of their own. The addresses come from the environment, never from a graph.
 */
import { type AgentOptions, get, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

/** An agent that connects by itself. @param protocol `http:` or `https:` */
export function ownAgent(protocol: string, options: AgentOptions = { keepAlive: true }): HttpAgent | HttpsAgent {
  return protocol === 'https:'
    ? Object.assign(new HttpsAgent(options), { createConnection: connectSecurely })
    : Object.assign(new HttpAgent(options), { createConnection: connect });
}

const PATIENCE_MS = 2_000;

/** A text at an address of this machine; empty if nobody answers. */
export function readText(url: string): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const request = get(
      url,
      { createConnection: () => connect(Number(port), hostname), timeout: PATIENCE_MS },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve(Buffer.concat(parts).toString()));
        response.on('error', () => resolve(''));
      },
    );
    request.on('error', () => resolve(''));
    request.on('timeout', () => request.destroy());
  });
}
