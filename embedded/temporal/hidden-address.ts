/**
 * An address on this machine for a server that answers anybody. The Temporal UI is such a server: it takes every `Host`,
 * and a web page in the user's browser may find its port by asking all of them.
 */
import { randomInt } from 'node:crypto';
import type { Address } from '../process/door.ts';
import { isFree } from '../process/ports.ts';

/**
 * Ports above 1023 to which no browser sends anything, under whatever name: the Fetch standard forbids them
 * (https://fetch.spec.whatwg.org/#port-blocking), because the servers usually found there do not speak HTTP.
 */
export const BLOCKED_PORTS: readonly number[] = [
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/**
 * Free ports on 127.0.0.1 to which no browser sends anything, for servers that answer anybody. Chosen at random, because
 * two Temporals may start at the same moment.
 * @returns fewer than asked for if not as many are free
 */
export async function blockedPorts(count: number): Promise<number[]> {
  const found: number[] = [];
  const order = BLOCKED_PORTS.map((port) => [Math.random(), port] as const).sort(([one], [other]) => one - other);
  for (const [, port] of order) {
    if (found.length === count) break;
    if (await isFree(port)) found.push(port);
  }
  return found;
}

/** Systems on which all of 127.0.0.0/8 is this machine. macOS has 127.0.0.1 only. */
const WHOLE_LOOPBACK: readonly NodeJS.Platform[] = ['linux', 'win32'];

/**
 * A free address that no web page reaches: the port is one of those that browsers refuse. Where the system allows it, the
 * host is a fresh one of the 16 million loopback addresses, so that other programs cannot guess the address either.
 * @throws Error if all of these ports are taken
 */
export async function hiddenAddress(platform: NodeJS.Platform = process.platform): Promise<Address> {
  const fresh = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  for (const host of WHOLE_LOOPBACK.includes(platform) ? [fresh, '127.0.0.1'] : ['127.0.0.1']) {
    for (const port of BLOCKED_PORTS) if (await isFree(port, host)) return { host, port };
  }
  throw new Error(`The Temporal UI needs one of these ports, and all are taken: ${BLOCKED_PORTS.join(', ')}.`);
}
