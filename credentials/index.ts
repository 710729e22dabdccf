export { endAccess, prepare, reconnect, test } from './care.ts';
export type { At, CredentialDeps } from './deps.ts';
export { keepAccess } from './keep.ts';
export { type Credentials, createCredentials } from './open.ts';
export { HIDDEN } from './redact-stream.ts';
export { beginVisit, endVisit, pageOf, VISIT_SECONDS, VisitError } from './visit.ts';
export { EXPIRED } from './words.ts';
