import type { Change } from '../../db/index.ts';

/** What a follower wants to hear of. */
export interface Topics {
  readonly runs: boolean;
  readonly workflows: boolean;
  readonly approvals: boolean;
  /** Runs of which all is wanted, steps too. */
  readonly runIds: ReadonlySet<string>;
}

/** Whether a change belongs to one of the topics. */
export function isWanted(topics: Topics, { kind, runId }: Pick<Change, 'kind' | 'runId'>): boolean {
  if (runId !== null && topics.runIds.has(runId)) return true;
  switch (kind.slice(0, kind.indexOf('.'))) {
    case 'run':
      return topics.runs;
    case 'approval':
      return topics.approvals;
    case 'workflow':
    case 'draft':
      return topics.workflows;
    default:
      return false;
  }
}
