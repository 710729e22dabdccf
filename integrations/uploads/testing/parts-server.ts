import { createHash } from 'node:crypto';
import { fakeProvider } from '../../testing/fake-provider/provider.ts';

/** What a server that speaks like S3 has. */
export interface Bucket {
  readonly uploads: Map<string, Map<number, Buffer>>;
  readonly objects: Map<string, Buffer>;
  /** How often parts were put together. */
  completed: number;
  /** Bytes that came, also those that came again. */
  received: number;
}

const etag = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;
const NO_UPLOAD = { status: 404, body: '<Error><Code>NoSuchUpload</Code></Error>' };

/** A server that takes uploads in parts, with the requests of S3. */
export const partsServer = () =>
  fakeProvider<Bucket>({
    state: () => ({ uploads: new Map(), objects: new Map(), completed: 0, received: 0 }),
    routes: {
      'POST /bucket/:key': ({ query, params, bytes }, state) => {
        if (query.has('uploads')) {
          const id = `u${state.uploads.size + state.completed + 1}`;
          state.uploads.set(id, new Map());
          return { body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>` };
        }
        const parts = state.uploads.get(query.get('uploadId') ?? '');
        if (!parts) return NO_UPLOAD;
        const named = [...bytes.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]+)<\/ETag>/g)];
        const pieces = named.map(([, number, tag]) => {
          const part = parts.get(Number(number));
          return part && etag(part) === tag ? part : null;
        });
        if (pieces.length === 0 || pieces.includes(null)) return { status: 400, body: '<Code>InvalidPart</Code>' };
        state.objects.set(params.key!, Buffer.concat(pieces as Buffer[]));
        state.uploads.delete(query.get('uploadId')!);
        state.completed += 1;
        return { body: '<CompleteMultipartUploadResult/>' };
      },
      'PUT /bucket/:key': ({ query, bytes }, state) => {
        const parts = state.uploads.get(query.get('uploadId') ?? '');
        if (!parts) return NO_UPLOAD;
        state.received += bytes.length;
        parts.set(Number(query.get('partNumber')), bytes);
        return { headers: { etag: etag(bytes) } };
      },
      'GET /bucket/:key': ({ query }, state) => {
        const parts = state.uploads.get(query.get('uploadId') ?? '');
        if (!parts) return NO_UPLOAD;
        const listed = [...parts].map(
          ([number, bytes]) =>
            `<Part><PartNumber>${number}</PartNumber><ETag>${etag(bytes)}</ETag><Size>${bytes.length}</Size></Part>`,
        );
        return { body: `<ListPartsResult>${listed.join('')}</ListPartsResult>` };
      },
      'HEAD /bucket/:key': ({ params }, state) => {
        const object = state.objects.get(params.key!);
        return object ? { headers: { etag: etag(object), 'x-size': String(object.length) } } : { status: 404 };
      },
    },
  });
