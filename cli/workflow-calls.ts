import type { Json } from '../graph/json.ts';
import type { Send } from './request.ts';
import type { DraftView, Published, PublishedGraph, VersionSummary, WorkflowEntry } from './wire.ts';

/** What a change expects to find: an ETag, or nothing (null). Absent: whatever is there. */
export interface Expecting {
  readonly etag?: string | null;
}

/** The calls of the API about workflows, their drafts and versions. */
export function workflowCalls(send: Send) {
  const at = (name: string, rest = '') => `/workflows/${encodeURIComponent(name)}${rest}`;
  const YAML = { 'content-type': 'application/yaml' };
  return {
    publish: async (
      name: string,
      graph: string,
      options: { strict?: boolean; message?: string | undefined; tests?: string | undefined } & Expecting = {},
    ): Promise<{ created: boolean; published: Published }> => {
      const { tests, message } = options;
      const query = { strict: options.strict ? 'true' : undefined, ...(tests === undefined ? { message } : {}) };
      const headers = { ...(tests === undefined ? YAML : {}), ...expectation(options) };
      const body = tests === undefined ? graph : { graph, message, tests };
      const answer = await send<Published>('PUT', at(name), { body, query, headers });
      return { created: answer.status === 201, published: answer.body };
    },

    /** A version of a workflow, by default the published one, with its ETag. */
    version: async (name: string, version?: number): Promise<PublishedGraph & { etag: string | null }> => {
      const answer = await send<PublishedGraph>('GET', at(name), { query: { version } });
      return { ...answer.body, etag: answer.etag };
    },

    /** All workflows that are archived, or all that are not. */
    workflows: async ({ archived = false } = {}): Promise<WorkflowEntry[]> => {
      const items: WorkflowEntry[] = [];
      for (let cursor: string | undefined; ; ) {
        const query = { limit: 500, cursor, archived: String(archived) };
        const page = (await send<{ items: WorkflowEntry[]; next: string | null }>('GET', '/workflows', { query })).body;
        items.push(...page.items);
        if (page.next === null) return items;
        cursor = page.next;
      }
    },
    deleteWorkflow: async (name: string, expecting: Expecting) =>
      (await send<Json>('DELETE', at(name), { headers: expectation(expecting) })).body,

    versions: async (name: string, query: { limit: number; cursor?: string }) =>
      (await send<{ items: VersionSummary[]; next: string | null }>('GET', at(name, '/versions'), { query })).body,
    rollback: async (name: string, body: { to: number; message?: string | undefined }) => {
      const answer = await send<Published>('POST', at(name, '/rollback'), { body });
      return { created: answer.status === 201, published: answer.body };
    },

    draft: async (name: string) => (await send<DraftView>('GET', at(name, '/draft'))).body,
    putDraft: async (name: string, text: string, expecting: Expecting) =>
      (
        await send<DraftView>('PUT', at(name, '/draft'), {
          body: text,
          headers: { ...YAML, ...expectation(expecting) },
        })
      ).body,
    deleteDraft: async (name: string, expecting: Expecting) =>
      (await send<Json>('DELETE', at(name, '/draft'), { headers: expectation(expecting) })).body,
    publishDraft: async (
      name: string,
      body: { message?: string | undefined },
      expecting: Expecting & { strict: boolean },
    ) => {
      const query = { strict: expecting.strict ? 'true' : undefined };
      const options = { body, query, headers: expectation(expecting) };
      const answer = await send<Published>('POST', at(name, '/publish'), options);
      return { created: answer.status === 201, published: answer.body };
    },
    draftDiff: async (name: string) => (await send<Json>('GET', at(name, '/diff'))).body,
  };
}

const expectation = ({ etag }: Expecting): Record<string, string> =>
  etag === undefined ? {} : etag === null ? { 'if-none-match': '*' } : { 'if-match': etag };
