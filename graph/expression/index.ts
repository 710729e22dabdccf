/** The expression engine: parser (publish time) and evaluator. The workflow sandbox imports only `runtime.ts`. */
export { type LibrarySection, library } from './library/index.ts';
export { isZone, zoneRules } from './library/time/zone-rules.ts';
export * from './parse.ts';
export * from './runtime.ts';
