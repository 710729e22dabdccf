import type { Json } from '../../../graph/json.ts';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { toMs } from '../../schema.ts';
import { askRange, contentRange, progressOf, type SessionAnswer } from '../../uploads/content-range.ts';
import { type Progress, type SessionProtocol, uploadInSession } from '../../uploads/in-session.ts';
import { type Access, withAccess } from '../access.ts';
import { type Address, addressOf, hrefOf, parseAddress } from '../address.ts';
import { jsonBody } from '../body.ts';
import { fetchPage, sendWithToken } from '../fetch-page.ts';
import { checkHeaders } from '../headers.ts';
import type { HttpRequest, HttpResponse } from '../message.ts';
import { at } from '../paging/path.ts';
import { decodeBody, excerpt } from '../response/decode-body.ts';
import { readBody } from '../response/read-body.ts';
import { statusError } from '../status-error.ts';
import type { UploadInput, UploadOutput } from './parameters.ts';

/** Answers say what was uploaded, and no more. */
const MAX_ANSWER = 1024 * 1024;

/** What all requests of an upload share. */
interface Uploading {
  readonly ctx: NodeContext;
  readonly input: UploadInput;
  readonly access: Access | null;
  readonly target: Address;
  readonly total: number;
}

/** Uploads in a session: the work of `http.upload`. */
export async function uploadTo(ctx: NodeContext, input: UploadInput): Promise<UploadOutput> {
  checkHeaders(input.headers ?? {});
  return withAccess(ctx.network, ctx.connection, async (access) => {
    const { sha256 } = input.blob;
    const { size } = await ctx.blobs.open(sha256);
    const target = addressOf(input.url, input.query);
    const protocol = protocolOf({ ctx, input, access, target, total: size });
    const { pieceBytes } = input;
    const { status, headers, body } = await uploadInSession(ctx, { sha256, size }, protocol, { pieceBytes });
    return { status, headers: { ...headers }, body: body as Json, size };
  });
}

function protocolOf(up: Uploading): SessionProtocol<SessionAnswer> {
  const { ctx, input, total } = up;
  const contentType = input.contentType ?? input.blob.contentType ?? 'application/octet-stream';
  return {
    begin: async () => {
      const { response, bytes } = await fetchPage(ctx, FOLLOWING, beginning(up, contentType), MAX_ANSWER);
      return addressIn(
        response,
        input.session === undefined ? null : await bodyIn(ctx, response, bytes),
        input.session,
      );
    },
    ask: (session) =>
      input.ask === 'GET'
        ? exchanged(up, session, { method: 'GET', headers: {}, body: null })
        : exchanged(up, session, putting(askRange(total), new Uint8Array(), contentType)),
    send: (session, piece) => exchanged(up, session, putting(contentRange(piece, total), piece.bytes, contentType)),
  };
}

const FOLLOWING = { followRedirects: true, okStatuses: undefined };
/** 308 means something else here. */
const STAYING = { followRedirects: false, okStatuses: undefined };

type Part = Pick<HttpRequest, 'method' | 'headers' | 'body'>;

const putting = (range: string, bytes: Uint8Array, contentType: string): Part => ({
  method: 'PUT',
  headers: { 'content-range': range },
  body: { bytes, contentType },
});

function beginning(up: Uploading, contentType: string): HttpRequest {
  const { input, total, target } = up;
  const own = Object.entries(input.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const about = { 'x-upload-content-type': contentType, 'x-upload-content-length': String(total) };
  const body = input.json === undefined ? null : jsonBody(input.json);
  const headers = { ...about, ...Object.fromEntries(own) };
  // A session that nobody uses ends by itself, so this may be sent again.
  return { ...requestOf(up, target, { method: input.method, headers, body }), keyed: true, followRedirects: true };
}

function requestOf(
  { input, access, target }: Uploading,
  address: Address,
  { method, headers, body }: Part,
): HttpRequest {
  return {
    ...address,
    ...{ method, asked: method, body, keyed: false, followRedirects: false },
    headers: { accept: '*/*', 'user-agent': 'Blok', ...(body && { 'content-type': body.contentType }), ...headers },
    // The address of a session is a permission by itself. On another server, the credential has no business.
    access: address.url.origin === target.url.origin ? access : null,
    headersTimeoutMs: toMs(input.timeouts.headers),
    bodyTimeoutMs: toMs(input.timeouts.body),
  };
}

/** Sends a request to a session. @returns what its answer says of the upload */
async function exchanged(up: Uploading, session: string, part: Part): Promise<Progress<SessionAnswer>> {
  const { ctx } = up;
  const request = requestOf(up, addressOf(session, undefined), part);
  const response = await sendWithToken(ctx, STAYING, request);
  const bytes = await readBody(ctx, response, MAX_ANSWER);
  const { status, headers } = response;
  // What failed says so in some form, which may be no JSON although it claims to be.
  const body = status < 300 ? await bodyIn(ctx, response, bytes) : excerpt(ctx, response, bytes);
  const progress = progressOf({ status, headers, body });
  if (progress !== undefined) return progress;
  throw statusError(response.request, { status, headers, body });
}

const bodyIn = (ctx: NodeContext, response: HttpResponse, bytes: Buffer): Promise<Json> =>
  decodeBody(ctx, response, bytes, { responseAs: 'auto', encoding: undefined });

/** The address of the session that an answer names. @throws NodeError `upload.session` */
function addressIn(response: HttpResponse, body: Json, path: string | undefined): string {
  const named = path === undefined ? response.location : at(body, path);
  const address = typeof named === 'string' ? parseAddress(named, response.request) : null;
  if (address !== null) return hrefOf(address);
  const where = path === undefined ? 'header Location' : `field ${JSON.stringify(path)} ("session")`;
  throw new NodeError('upload.session', `The answer has no address of an upload session in its ${where}.`, {
    unknown: true,
  });
}
