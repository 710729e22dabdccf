import type { Permission, Resource } from '../access/access.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Topics } from '../live/topics.ts';

/** Most runs that one connection follows. */
export const MOST_RUNS = 100;

const KINDS = ['runs', 'workflows', 'approvals'] as const;
const RUN = /^run:(r[0-9a-z]{1,40})$/;

/** Reads `run:ID,runs,workflows,approvals`. @throws ApiProblem `request.invalid` */
export function parseTopics(text: string): Topics {
  const names = new Set(text.split(',').map((name) => name.trim()));
  const runIds = new Set<string>();
  for (const name of names) {
    const id = RUN.exec(name)?.[1];
    if (id !== undefined) runIds.add(id);
    else if (!(KINDS as readonly string[]).includes(name)) throw unknown(name);
  }
  if (runIds.size > MOST_RUNS)
    throw new ApiProblem(
      'request.invalid',
      `query/topics: names ${runIds.size} runs. The most is ${MOST_RUNS}; runs follows all.`,
    );
  const [runs, workflows, approvals] = KINDS.map((kind) => names.has(kind)) as [boolean, boolean, boolean];
  return { runs, workflows, approvals, runIds };
}

const unknown = (name: string): ApiProblem => {
  const shown = name.replace(/[^\w:.-]/g, '?').slice(0, 60);
  const words = `query/topics: "${shown}" is not a topic. Topics are runs, workflows, approvals and run:ID, separated by commas.`;
  return new ApiProblem('request.invalid', words);
};

/** What a follower of these topics must be allowed to read. */
export function permissionsOf(topics: Topics): { permission: Permission; of: Resource }[] {
  const isAboutRuns = topics.runs || topics.approvals || topics.runIds.size > 0;
  return [
    ...(isAboutRuns ? [{ permission: 'run:list', of: 'run' } as const] : []),
    ...(topics.workflows ? [{ permission: 'workflow:read', of: 'workflow' } as const] : []),
  ];
}
