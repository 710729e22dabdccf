/** What is told about one run: that it has answered. */
export const runTopic = (workspace: string, runId: string): string => `run/${workspace}/${runId}`;
