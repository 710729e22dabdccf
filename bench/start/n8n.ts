import type { Contender, Running } from '../beside/contender.ts';
import { startN8n } from '../beside/n8n.ts';
import type { N8nWorkflow } from '../beside/n8n-workflow.ts';

/** The same work: a webhook that answers with what the last node, a Set, gives. */
const WORKFLOW: N8nWorkflow = {
  path: 'bench-start',
  sets: [{ greeting: { string: 'Hello, {{ $json.body.name }}' }, twice: { number: '{{ $json.body.n * 2 }}' } }],
  answers: 'lastNode',
};

/** n8n as it comes, with SQLite. */
export async function startPeer(): Promise<Contender & Running> {
  const { pid, urlOf, stop } = await startN8n([WORKFLOW]);
  return {
    name: 'n8n',
    call: {
      url: urlOf(WORKFLOW),
      body: JSON.stringify({ name: 'bench', n: 21 }),
      isRight: (status, text) => status === 200 && JSON.parse(text).twice === 42,
    },
    pids: { n8n: pid },
    stop,
  };
}
