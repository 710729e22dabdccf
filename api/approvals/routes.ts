import { mayUse } from '../access/principal.ts';
import { defineRoute } from '../http/route.ts';
import { listApprovals } from './list.ts';
import * as wire from './schema.ts';

/** A title and a form may hold data of the run. */
const READ_DATA = { permission: 'run:read-data', of: 'run' } as const;

export const approvalRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/approvals',
    id: 'listApprovals',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Lists the approvals that runs wait for, the oldest first.',
    query: wire.approvalsQuery,
    responses: { 200: { description: 'A page.', schema: wire.approvalPage } },
    problems: [],
    handle: async (ctx, { query, principal }) => {
      const withData = mayUse(principal, READ_DATA);
      return { status: 200, body: await listApprovals(ctx, { ...query, withData }) };
    },
  }),
] as const;
