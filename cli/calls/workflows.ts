import type { Query } from '../../api/client-types.ts';
import { bodyOf, type Send } from '../request.ts';
import type { Published, WorkflowEntry } from '../wire.ts';

/** What a change expects to find: an ETag, or nothing (null). Absent: whatever is there. */
export interface Expecting {
  readonly etag?: string | null;
}

/** How a graph is published. */
export interface Publishing extends Expecting {
  readonly strict?: boolean;
  readonly message?: string | undefined;
  readonly tests?: string | undefined;
}

/** The calls about workflows, their drafts and versions. All throw `CliError`. */
export function workflowCalls(send: Send) {
  return {
    publish: async (name: string, graph: string, options: Publishing = {}) => {
      const { strict, tests, message } = options;
      // Without tests, the body is the graph itself.
      const said = tests === undefined ? { body: graph } : { body: { graph, message, tests } };
      const query = { strict: strictly(strict), ...(tests === undefined && { message }) };
      const asked = { params: { name }, query, headers: expectation(options), ...said };
      return outcomeOf(await send('PUT /api/workflows/:name', asked));
    },

    /** A version of a workflow, by default the published one, with its ETag. */
    version: async (name: string, version?: number) => {
      const { body, etag } = await send('GET /api/workflows/:name', { params: { name }, query: { version } });
      return { ...body, etag };
    },

    /** All workflows that are archived, or all that are not. */
    workflows: async ({ archived = false } = {}): Promise<WorkflowEntry[]> => {
      const items: WorkflowEntry[] = [];
      for (let cursor: string | undefined; ; ) {
        const query = { limit: 500, cursor, archived: archived ? 'true' : 'false' } as const;
        const page = await bodyOf(send('GET /api/workflows', { query }));
        items.push(...page.items);
        if (page.next === null) return items;
        cursor = page.next;
      }
    },
    deleteWorkflow: (name: string, expecting: Expecting) =>
      bodyOf(send('DELETE /api/workflows/:name', { params: { name }, headers: expectation(expecting) })),

    versions: (name: string, query: Query<'GET /api/workflows/:name/versions'>) =>
      bodyOf(send('GET /api/workflows/:name/versions', { params: { name }, query })),
    rollback: async (name: string, body: { to: number; message?: string | undefined }) =>
      outcomeOf(await send('POST /api/workflows/:name/rollback', { params: { name }, body })),

    draft: (name: string) => bodyOf(send('GET /api/workflows/:name/draft', { params: { name } })),
    putDraft: (name: string, text: string, expecting: Expecting) =>
      bodyOf(send('PUT /api/workflows/:name/draft', { params: { name }, body: text, headers: expectation(expecting) })),
    deleteDraft: (name: string, expecting: Expecting) =>
      bodyOf(send('DELETE /api/workflows/:name/draft', { params: { name }, headers: expectation(expecting) })),
    publishDraft: async (name: string, { strict, message, ...expecting }: Publishing) =>
      outcomeOf(
        await send('POST /api/workflows/:name/publish', {
          params: { name },
          query: { strict: strictly(strict) },
          headers: expectation(expecting),
          body: { message },
        }),
      ),
    draftDiff: (name: string) => bodyOf(send('GET /api/workflows/:name/diff', { params: { name } })),
  };
}

const strictly = (strict: boolean | undefined) => (strict ? ('true' as const) : undefined);

const outcomeOf = ({ status, body }: { status: number; body: Published }) => ({
  created: status === 201,
  published: body,
});

const expectation = ({ etag }: Expecting): { 'if-match'?: string; 'if-none-match'?: '*' } =>
  etag === undefined ? {} : etag === null ? { 'if-none-match': '*' } : { 'if-match': etag };
