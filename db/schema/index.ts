export * from './blob.ts';
export * from './connection.ts';
export * from './event.ts';
export * from './kv.ts';
export * from './run.ts';
export * from './slot.ts';
export * from './workflow.ts';
export * from './workspace.ts';
