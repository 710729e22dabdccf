import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGraph, toMermaid } from '../../graph/index.ts';
import { EXAMPLES, loadExamples, readExample } from './case.ts';

/** The README of an example with its Mermaid block redrawn from the graph. */
export function redrawn(name: string): string {
  const { graph } = parseGraph(readExample(name, 'graph.yaml'));
  return readExample(name, 'README.md').replace(
    /```mermaid\n[\s\S]*?```/,
    () => `\`\`\`mermaid\n${toMermaid(graph!)}\`\`\``,
  );
}

/** Redraws all examples: `node examples/testing/drawing.ts`. */
if (import.meta.main) {
  for (const { name } of loadExamples()) writeFileSync(join(EXAMPLES, name, 'README.md'), redrawn(name));
}
