import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../graph/json.ts';
import type { Send } from './request.ts';
import type { Run, RunSummary } from './wire.ts';

/** Something that an operator did to a run. */
export interface Control {
  readonly id: string;
  readonly action: string;
  readonly step: string | null;
  readonly by: string;
  readonly reason: string | null;
  readonly at: string;
  readonly outcome: string;
}

/** How a run is repeated. */
export interface RerunBody {
  readonly from?: string;
  readonly input?: Json;
  readonly outputs?: JsonObject;
  readonly version?: number;
  readonly graph?: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
}

export interface Rerun {
  readonly run: Run | null;
  readonly takenOver: readonly string[];
  readonly again: readonly { readonly step: string; readonly why: string }[];
  readonly notes: readonly string[];
}

export interface Comparison {
  readonly left: RunSummary;
  readonly right: RunSummary;
  readonly outputDiffers: boolean;
  readonly same: number;
  readonly steps: readonly {
    readonly path: string;
    readonly change: string;
    readonly fields: readonly string[];
    readonly leftMs: number | null;
    readonly rightMs: number | null;
  }[];
}

export interface BulkBody {
  readonly action: string;
  readonly filter: Readonly<Record<string, string>>;
  readonly expected?: number;
  readonly reason?: string;
}

export interface BulkAnswer {
  readonly count: number;
  readonly more: boolean;
  readonly done: number | null;
  readonly failed: readonly { readonly run: string; readonly code: string }[];
}

/** The calls by which operators act on runs. All throw `CliError`. */
export function controlCalls(send: Send) {
  const one = encodeURIComponent;
  const post = async <T>(path: string, content: object, method = 'POST'): Promise<T> =>
    (await send<T>(method, path, { body: content, headers: { 'idempotency-key': randomUUID() } })).body;
  return {
    terminate: (id: string, reason?: string) => post<Run>(`/runs/${one(id)}/terminate`, { reason }),
    controls: async (id: string) => (await send<{ items: Control[] }>('GET', `/runs/${one(id)}/controls`)).body.items,
    /** Does something to one step. */
    actOnStep: (id: string, step: string, verb: string, content: object) =>
      post<Control>(`/runs/${one(id)}/steps/${one(step)}/${verb}`, content, verb === 'options' ? 'PATCH' : 'POST'),
    rerun: (id: string, content: RerunBody) => post<Rerun>(`/runs/${one(id)}/rerun`, content),
    compareRuns: async (id: string, other: string, all: boolean) =>
      (await send<Comparison>('GET', `/runs/${one(id)}/compare`, { query: { with: other, all: String(all) } })).body,
    bulk: (content: BulkBody) => post<BulkAnswer>('/runs/bulk', content),
  };
}
