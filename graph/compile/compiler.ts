import type { Catalogue } from '../catalogue.ts';
import type { Body, Graph } from '../document/types.ts';
import { type CompiledValue, compileValue } from '../expression/parse.ts';
import type { Template } from '../expression/types.ts';
import type { Json } from '../json.ts';
import type { Problem } from '../problems/problem.ts';

/** The state of one compilation. */
export interface Compiler {
  readonly graph: Graph;
  readonly catalogue: Catalogue;
  readonly problems: Problem[];
  /** For each node id: JSON Pointers into its output that some expression reads. */
  readonly reads: Map<string, Set<string>>;
  /** Values compiled so far, because each is needed twice: for its reads, and for its place in the plan. */
  readonly compiled: Map<Json, CompiledValue>;
}

/** Most pointers of one output that are returned inline beside a reference. */
const MAX_INLINE = 64;

export function createCompiler(graph: Graph, catalogue: Catalogue): Compiler {
  const compiler: Compiler = { graph, catalogue, problems: [], reads: new Map(), compiled: new Map() };
  collectReads(compiler, graph);
  return compiler;
}

/** Compiles a value of the document; its problems are added to the compiler, under `path`. */
export function template(compiler: Compiler, value: Json, path: string): Template {
  const compiled = compiledValue(compiler, value);
  for (const problem of compiled.problems) {
    compiler.problems.push({
      severity: 'error',
      code: problem.code,
      path: `${path}${problem.path}`,
      message: problem.message,
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    });
  }
  return compiled.template;
}

/** Pointers of a node's output that are read downstream, in a fixed order. */
export function inlineOf(compiler: Compiler, id: string): string[] {
  const read = compiler.reads.get(id);
  return read
    ? [...read]
        .filter((pointer) => pointer !== '')
        .sort()
        .slice(0, MAX_INLINE)
    : [];
}

function compiledValue(compiler: Compiler, value: Json): CompiledValue {
  const known = compiler.compiled.get(value);
  if (known) return known;
  const compiled = compileValue(value);
  compiler.compiled.set(value, compiled);
  return compiled;
}

function collectReads(compiler: Compiler, body: Body): void {
  const visit = (value: unknown): void => {
    if (value === undefined) return;
    for (const [id, pointers] of Object.entries(compiledValue(compiler, value as Json).reads.nodes)) {
      const known = compiler.reads.get(id) ?? new Set<string>();
      for (const pointer of pointers) known.add(pointer);
      compiler.reads.set(id, known);
    }
  };
  visit(body.output);
  for (const node of Object.values(body.nodes)) {
    visit(node.if);
    visit(node.with);
    visit(node.compensate?.with);
    visit(node.notify?.with);
    if (node.nodes) collectReads(compiler, { nodes: node.nodes, output: node.output });
    if (node.catch) {
      visit(node.catch.if);
      collectReads(compiler, node.catch);
    }
    if (node.finally) collectReads(compiler, node.finally);
  }
}
