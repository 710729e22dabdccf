import { defineRoute } from '../http/route.ts';
import { downloadBlob, downloadFile } from './download.ts';
import * as wire from './schema.ts';

const responses = {
  200: { description: 'The bytes.', bytes: true },
  206: { description: 'The bytes that `Range` asks for.', bytes: true },
  416: { description: 'There are no such bytes.', bytes: true },
} as const;

export const fileRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/files/content',
    id: 'downloadFile',
    access: { permission: 'run:read-data', of: 'file' },
    summary: 'Downloads a file of the workspace, or a part of it.',
    query: wire.fileQuery,
    headers: wire.rangeHeaders,
    responses,
    problems: ['file.notFound'],
    handle: (ctx, { query, headers }) => downloadFile(ctx, { ...query, ...headers }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/blobs/:sha256',
    id: 'downloadBlob',
    access: { permission: 'run:read-data', of: 'file' },
    summary: 'Downloads data that are kept by reference, or a part of them.',
    params: wire.blobParams,
    headers: wire.rangeHeaders,
    responses,
    problems: ['file.notFound'],
    handle: (ctx, { params, headers }) => downloadBlob(ctx, { ...params, ...headers }),
  }),
] as const;
