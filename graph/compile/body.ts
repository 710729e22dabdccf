import { parseNeed } from '../document/links.ts';
import { splitUses } from '../document/names.ts';
import type { Body, GraphNode, InlineNode } from '../document/types.ts';
import { parseDuration } from '../duration.ts';
import type { PlanBody, PlanInline, PlanLink, PlanNode } from '../plan/types.ts';
import { topologicalOrder } from '../structure/order.ts';
import { type Compiler, inlineOf, template } from './compiler.ts';
import { compileEffect } from './effect.ts';
import type { Expanded } from './expand-agents.ts';

/** Compiles one body. Its nodes are ordered by (topological index, id), because replay relies on that order. */
export function compileBody(compiler: Compiler, body: Body, path: string): PlanBody {
  const order = topologicalOrder(body);
  const index = new Map(order.map((id, i) => [id, i]));
  const handled = handledPorts(body);
  const nodes = order.map((id) =>
    compileNode(compiler, id, body.nodes[id]!, `${path}/nodes/${id}`, index, handled.get(id)),
  );
  return body.output === undefined ? { nodes } : { nodes, output: template(compiler, body.output, `${path}/output`) };
}

function compileNode(
  compiler: Compiler,
  id: string,
  node: Expanded,
  path: string,
  index: ReadonlyMap<string, number>,
  handles: readonly ('error' | 'timeout')[] | undefined,
): PlanNode {
  const uses = splitUses(node.uses).type;
  const timeoutMs = node.timeout === undefined ? null : parseDuration(node.timeout);
  const effect = uses.includes('.') ? compileEffect(compiler, id, node, path) : undefined;
  return {
    id,
    uses,
    ...(node.shows === undefined ? {} : { shows: node.shows }),
    ...(node.label === undefined ? {} : { label: node.label }),
    needs: (node.needs ?? []).map((need) => link(need, index)),
    join: node.join ?? 'any',
    ...(node.if === undefined ? {} : { if: template(compiler, node.if, `${path}/if`) }),
    ...(node.with === undefined ? {} : { with: template(compiler, node.with, `${path}/with`) }),
    ...(timeoutMs === null ? {} : { timeoutMs }),
    ...(node.onError === 'continue' ? { continueOnError: true as const } : {}),
    ...(handles ? { handles } : {}),
    ...(node.priority === undefined ? {} : { priority: node.priority }),
    ...(effect ? { effect } : {}),
    ...(effect ? {} : readOf(compiler, id)),
    ...(node.compensate
      ? { compensate: inline(compiler, `${id}.compensate`, node.compensate, `${path}/compensate`) }
      : {}),
    ...(node.notify ? { notify: inline(compiler, `${id}.notify`, node.notify, `${path}/notify`) } : {}),
    ...(node.nodes ? { body: compileBody(compiler, { nodes: node.nodes, output: node.output }, path) } : {}),
    ...(node.catch ? { catch: compileCatch(compiler, node.catch, `${path}/catch`) } : {}),
    ...(node.finally ? { finally: compileBody(compiler, node.finally, `${path}/finally`) } : {}),
  };
}

/** What is read of a node that computes in the run, because its output may be stored. */
function readOf(compiler: Compiler, id: string): Pick<PlanNode, 'inline'> {
  const inline = inlineOf(compiler, id);
  return inline.length > 0 ? { inline } : {};
}

function compileCatch(compiler: Compiler, body: NonNullable<GraphNode['catch']>, path: string): PlanNode['catch'] {
  const compiled = compileBody(compiler, body, path);
  return body.if === undefined ? compiled : { ...compiled, if: template(compiler, body.if, `${path}/if`) };
}

function inline(compiler: Compiler, id: string, node: InlineNode, path: string): PlanInline {
  const uses = splitUses(node.uses).type;
  return {
    uses,
    ...(node.with === undefined ? {} : { with: template(compiler, node.with, `${path}/with`) }),
    effect: compileEffect(compiler, id, node, path)!,
  };
}

function link(text: string, index: ReadonlyMap<string, number>): PlanLink {
  const need = parseNeed(text) ?? { source: text, port: 'out' };
  const source = index.get(need.source);
  return source === undefined ? ['trigger', need.source] : [source, need.port];
}

/** For each node, which of its failures another node of the body handles. */
function handledPorts(body: Body): Map<string, ('error' | 'timeout')[]> {
  const handled = new Map<string, ('error' | 'timeout')[]>();
  for (const node of Object.values(body.nodes)) {
    for (const text of node.needs ?? []) {
      const need = parseNeed(text);
      if (need?.port !== 'error' && need?.port !== 'timeout') continue;
      const ports = handled.get(need.source) ?? [];
      if (!ports.includes(need.port)) ports.push(need.port);
      handled.set(need.source, ports.sort());
    }
  }
  return handled;
}
