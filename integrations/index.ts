import { providers } from './catalog.ts';
import type { NodeType } from './define.ts';
import type { ConnectionType } from './define-connection.ts';
import type { TriggerType } from './define-trigger.ts';
import { majorOf } from './describe.ts';

export { catalogue } from './describe.ts';
export { NodeError } from './error.ts';

const nodes: ReadonlyMap<string, NodeType> = new Map(
  providers.flatMap((provider) => provider.nodes).map((node) => [`${node.type}@${majorOf(node.version)}`, node]),
);

const triggers: ReadonlyMap<string, TriggerType> = new Map(
  providers.flatMap(({ triggers: own = [] }) => own.map((trigger) => [trigger.type, trigger])),
);

const connections: ReadonlyMap<string, ConnectionType> = new Map(
  providers.flatMap((provider) => provider.connections).map((connection) => [connection.type, connection]),
);

/** The node type of that name and major version, or undefined. Old majors stay as long as a run may need them. */
export function findNode(type: string, major = 1): NodeType | undefined {
  return nodes.get(`${type}@${major}`);
}

/** The trigger of that name, or undefined. */
export function findTrigger(type: string): TriggerType | undefined {
  return triggers.get(type);
}

/** The connection type of that name, or undefined. */
export function findConnectionType(type: string): ConnectionType | undefined {
  return connections.get(type);
}

/** Every connection type, in the catalogue's order. */
export const connectionTypes: readonly ConnectionType[] = [...connections.values()];
