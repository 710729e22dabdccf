/** The process of `provider.ts`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Rules, Seen } from './provider.ts';

let rules: Rules;
let calls: number[] = [];
let refusals: number[] = [];

/** How long a call that comes now has to wait, in milliseconds; 0: it is taken. */
function waitMs(now: number): number {
  const { limit, perMs, awayMs = 0 } = rules;
  if (now - (refusals[0] ?? now) < awayMs && calls.length === 0) return awayMs;
  return calls.filter((at) => at > now - perMs).length >= limit ? perMs : 0;
}

const server = createServer((request, response) => {
  request.resume();
  const now = performance.now();
  const ms = waitMs(now);
  (ms > 0 ? refusals : calls).push(now);
  if (ms > 0) response.writeHead(429, { 'retry-after': String(ms / 1_000) }).end();
  else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});
server.listen(0, '127.0.0.1', () => {
  process.on('message', (given: Rules | 'told') => {
    if (given !== 'told') {
      rules = given;
      calls = [];
      refusals = [];
    }
    process.send!({ calls, refusals } satisfies Seen);
  });
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());
