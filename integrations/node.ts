/**
 * What a node of your own is written with: `import { defineNode } from 'blok/node'`. docs/own-nodes.md shows how.
 */

export { z } from 'zod';
export type { Json } from '../graph/json.ts';
export { blobReference } from './blob.ts';
export type { Cell, NodeContext, OpenConnection } from './context.ts';
export { defineNode, defineProvider, type NodeType, type Provider } from './define.ts';
export { type ConnectionType, defineConnection } from './define-connection.ts';
export { NodeError } from './error.ts';
export { calling, classify, type ProviderCall } from './failures/classify.ts';
export type { FailureTable } from './failures/failure-table.ts';
export { requireServer } from './models/server.ts';
export { openConnection } from './open-connection.ts';
export { duration, json } from './schema.ts';
export { askRange, contentRange, progressOf, type SessionAnswer } from './uploads/content-range.ts';
export { type Part, type PartsProtocol, uploadInParts } from './uploads/in-parts.ts';
export { type Progress, type SessionProtocol, uploadInSession } from './uploads/in-session.ts';
export type { Piece, Upload } from './uploads/pieces.ts';
