import { approvalRoutes } from './approvals/routes.ts';
import { budgetRoutes } from './budgets/routes.ts';
import { bulkRoutes } from './bulk/routes.ts';
import { captureRoutes } from './captures/routes.ts';
import { choiceRoutes } from './choices/routes.ts';
import { connectionTypeRoutes } from './connection-types/routes.ts';
import { connectionRoutes } from './connections/routes.ts';
import { controlRoutes } from './controls/routes.ts';
import { draftRoutes } from './drafts/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { fileRoutes } from './files/routes.ts';
import { formRoutes } from './forms/routes.ts';
import { healthRoutes } from './health/routes.ts';
import type { Route } from './http/route.ts';
import { nodeTypeRoutes } from './node-types/routes.ts';
import { oauthRoutes } from './oauth/routes.ts';
import { openapiRoute } from './openapi/routes.ts';
import { promptRoutes } from './prompts/routes.ts';
import { queueRoutes } from './queue/routes.ts';
import { rerunRoutes } from './rerun/routes.ts';
import { resumeRoutes } from './resume/routes.ts';
import { filterRoutes } from './run-filters/routes.ts';
import { runRoutes } from './runs/routes.ts';
import { statisticsRoutes } from './statistics/routes.ts';
import { stepRoutes } from './steps/routes.ts';
import { streamRoutes } from './stream/routes.ts';
import { systemRoutes } from './system/routes.ts';
import { triggerRoutes } from './triggers/routes.ts';
import { usageRoutes } from './usage/routes.ts';
import { validateRoutes } from './validate/routes.ts';
import { variableRoutes } from './variables/routes.ts';
import { versionRoutes } from './versions/routes.ts';
import { walletRoutes } from './wallets/routes.ts';
import { workflowRoutes } from './workflows/routes.ts';
import { workspaceRoutes } from './workspace/routes.ts';

/** Every endpoint but the one that describes them, with their types. */
export const endpoints = [
  ...workflowRoutes,
  ...queueRoutes,
  ...draftRoutes,
  ...versionRoutes,
  ...triggerRoutes,
  ...captureRoutes,
  ...validateRoutes,
  ...runRoutes,
  ...approvalRoutes,
  ...statisticsRoutes,
  ...streamRoutes,
  ...systemRoutes,
  ...controlRoutes,
  ...bulkRoutes,
  ...rerunRoutes,
  ...stepRoutes,
  ...filterRoutes,
  ...eventRoutes,
  ...connectionRoutes,
  ...oauthRoutes,
  ...walletRoutes,
  ...variableRoutes,
  ...promptRoutes,
  ...usageRoutes,
  ...budgetRoutes,
  ...workspaceRoutes,
  ...resumeRoutes,
  ...fileRoutes,
  ...formRoutes,
  ...nodeTypeRoutes,
  ...choiceRoutes,
  ...connectionTypeRoutes,
  ...healthRoutes,
] as const;

/** Every endpoint. */
export const routes: readonly Route[] = [...endpoints, openapiRoute(() => routes)];
