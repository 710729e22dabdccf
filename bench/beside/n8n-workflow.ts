import { createHash } from 'node:crypto';

/** A workflow of n8n that begins with a webhook. */
export interface N8nWorkflow {
  /** Its name, and the path of its webhook. */
  readonly path: string;
  /** What each Set node sets: by name, a number or a text, each an expression without its `=`. */
  readonly sets: readonly Readonly<Record<string, { readonly number: string } | { readonly string: string }>>[];
  /** Who answers the caller: the last Set, or a Respond node behind it. */
  readonly answers: 'lastNode' | 'responseNode';
  /** Whether n8n saves the run after each node, so that a crash does not lose what was done. */
  readonly savesProgress?: boolean;
}

/** The id under which n8n knows a workflow. */
export const n8nId = ({ path }: N8nWorkflow): string => idOf(path).replaceAll('-', '').slice(0, 16);

/** A workflow as n8n imports it. */
export function n8nDocument(workflow: N8nWorkflow): object {
  const { path, sets, answers, savesProgress = false } = workflow;
  const nodes = [
    { ...node(path, 'Webhook', 'webhook', 2), webhookId: idOf(`${path} webhook`), parameters: hook(path, answers) },
    ...sets.map((fields, at) => ({ ...node(path, `Set ${at + 1}`, 'set', 3.4), parameters: assigned(fields) })),
    ...(answers === 'responseNode'
      ? [{ ...node(path, 'Respond', 'respondToWebhook', 1.1), parameters: FIRST_ITEM }]
      : []),
  ];
  const names = nodes.map(({ name }) => name);
  const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
  return {
    id: n8nId(workflow),
    name: path,
    active: false,
    settings: { executionOrder: 'v1', saveExecutionProgress: savesProgress },
    nodes,
    connections: Object.fromEntries(names.slice(0, -1).map((name, at) => [name, to(names[at + 1]!)])),
  };
}

const FIRST_ITEM = { respondWith: 'firstIncomingItem', options: {} };

const hook = (path: string, responseMode: string) => ({ httpMethod: 'POST', path, responseMode, options: {} });

const node = (path: string, name: string, type: string, typeVersion: number) => ({
  id: idOf(`${path} ${name}`),
  name,
  type: `n8n-nodes-base.${type}`,
  typeVersion,
  position: [0, 0],
});

const assigned = (fields: N8nWorkflow['sets'][number]) => ({
  options: {},
  assignments: {
    assignments: Object.entries(fields).map(([name, typed]) => {
      const [type, expression] = Object.entries(typed)[0]!;
      return { id: name, name, type, value: `=${expression}` };
    }),
  },
});

/** Always the same id for the same text, in the form of a UUID. */
const idOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
