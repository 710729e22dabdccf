import { defineProvider } from '../define.ts';
import { run } from './run.ts';

/** Workflows that run workflows. */
export const workflow = defineProvider({ id: 'workflow', title: 'Workflows', nodes: [run], connections: [] });
