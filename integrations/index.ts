import { allProviders } from './catalog.ts';
import type { NodeType, Provider } from './define.ts';
import type { ConnectionType } from './define-connection.ts';
import type { TriggerType } from './define-trigger.ts';
import { majorOf } from './describe.ts';

export { catalogue } from './describe.ts';
export { NodeError } from './error.ts';

/** Everything by name. */
interface Index {
  readonly of: readonly Provider[];
  readonly nodes: ReadonlyMap<string, NodeType>;
  readonly triggers: ReadonlyMap<string, TriggerType>;
  readonly connections: ReadonlyMap<string, ConnectionType>;
}

let cached: Index | undefined;

function index(): Index {
  const of = allProviders();
  if (cached?.of === of) return cached;
  const triggers = of.flatMap(({ triggers: own = [] }) => own);
  cached = {
    of,
    nodes: new Map(of.flatMap(({ nodes }) => nodes).map((node) => [`${node.type}@${majorOf(node.version)}`, node])),
    triggers: new Map(triggers.map((trigger) => [trigger.type, trigger])),
    connections: new Map(of.flatMap(({ connections }) => connections).map((one) => [one.type, one])),
  };
  return cached;
}

/** The node type of that name and major version, or undefined. Old majors stay as long as a run may need them. */
export function findNode(type: string, major = 1): NodeType | undefined {
  return index().nodes.get(`${type}@${major}`);
}

/** The trigger of that name, or undefined. */
export function findTrigger(type: string): TriggerType | undefined {
  return index().triggers.get(type);
}

/** The connection type of that name, or undefined. */
export function findConnectionType(type: string): ConnectionType | undefined {
  return index().connections.get(type);
}

/** Every connection type, in the catalogue's order. */
export const connectionTypes = (): readonly ConnectionType[] => [...index().connections.values()];
