/** What a worker and its child processes say to each other. */
import type { Info } from '@temporalio/activity';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { DepsSettings } from '../deps.ts';

/** One attempt of an activity. */
export interface Job {
  /** Name among the activities of the worker. */
  readonly activity: string;
  readonly input: unknown;
  readonly info: Info;
}

export type ToChild =
  | { readonly type: 'open'; readonly settings: ChildSettings }
  | { readonly type: 'run'; readonly job: Job }
  /** The reason in Temporal's word: `CANCELLED`, `WORKER_SHUTDOWN`, … */
  | { readonly type: 'cancel'; readonly reason: string };

export type FromChild =
  | { readonly type: 'ready' }
  /** A heartbeat of the activity, with what it notes for its next attempt. */
  | { readonly type: 'beat'; readonly details: unknown }
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly failure: SentFailure };

/** Settings of the worker that a child needs. */
export interface ChildSettings extends DepsSettings {
  readonly temporal: { readonly address: string; readonly apiKey?: string | undefined; readonly tls?: boolean };
}

const SENT = [
  ...(['namespace', 'databaseUrl', 'redisUrl', 'keyring', 'publicUrl', 'allowHosts', 'ownServers'] as const),
  ...(['cacheFolder', 'codeSandbox', 'maxDepth', 'maxOpenRuns', 'ownNodes', 'pricesFile', 'watchFolders'] as const),
] satisfies readonly (keyof DepsSettings)[];

/** The settings without what cannot be sent. */
export const settingsFor = (settings: DepsSettings, temporal: ChildSettings['temporal']): ChildSettings => ({
  ...(Object.fromEntries(SENT.map((name) => [name, settings[name]])) as unknown as DepsSettings),
  temporal,
});

export type SentFailure = ReturnType<typeof defaultFailureConverter.errorToFailure>;

/** An error in a form that goes from process to process. */
export const sent = (error: unknown): SentFailure =>
  defaultFailureConverter.errorToFailure(error, defaultPayloadConverter);

/** The error again. */
export const received = (failure: SentFailure): Error =>
  defaultFailureConverter.failureToError(failure, defaultPayloadConverter);
