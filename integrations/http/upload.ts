import { defineNode } from '../define.ts';
import { HTTP_CONNECTIONS } from './connection-fields.ts';
import { input, output } from './uploading/parameters.ts';

const NOTES = `
**It goes on where it was.** The first request begins a session; its address is kept with the step, encrypted. After a crash, a lost connection or a timeout the
next attempt asks the service how much it has, and sends only the rest. Services keep a session for days. If one has forgotten it, the upload begins again.

**What services must speak.** The answer to the first request names the address of the session (\`Location\`, or a field: \`session\`). Pieces are sent there by PUT
with \`Content-Range: bytes 0-99/1000\`. The service answers 308 with \`Range\` or 202 with \`nextExpectedRanges\` while it wants more, and 200 or 201 at the
end. Google (Drive, YouTube, Cloud Storage) and Microsoft (OneDrive, SharePoint, Outlook) do.

**At least once.** If the answer to the last piece is lost, the session says what has become of it; only a service that forgets a session once it is complete
gets the bytes twice.

**Large uploads.** Set \`retry.attemptTimeout\` and \`timeout\` to what the transfer may take. One piece is in memory at a time, up to 5 GB pass.

**Credentials** are sent to the session only if it is on the server that was asked first: its address is a permission by itself.
`.trim();

/** Uploads large data in a session that survives crashes. */
export const upload = defineNode({
  type: 'http.upload',
  version: '1.0.0',
  title: 'Upload in pieces',
  description:
    'Uploads large data to an HTTP API in a resumable session, and goes on where it was after a crash or a lost connection.',
  connection: { type: HTTP_CONNECTIONS, required: false },
  effect: 'at-least-once',
  timeout: '2h',
  retry: { maxAttempts: 10, delay: '1s', factor: 2, maxDelay: '1m', attemptTimeout: '1h' },
  input,
  output,
  examples: [
    {
      title: 'To a drive of Google',
      with: {
        url: 'https://www.googleapis.com/upload/drive/v3/files?uploadType=resumable',
        json: { name: 'report.pdf' },
        blob: { sha256: 'a'.repeat(64), contentType: 'application/pdf' },
      },
    },
    {
      title: 'To a drive of Microsoft',
      with: {
        url: 'https://graph.microsoft.com/v1.0/me/drive/root:/report.pdf:/createUploadSession',
        json: { item: { name: 'report.pdf' } },
        session: 'uploadUrl',
        ask: 'GET',
        blob: { sha256: 'a'.repeat(64) },
      },
    },
  ],
  errors: {
    'http.<status>':
      'The server answered with that status. 408, 425, 429 and 5xx are retried; Retry-After is honoured.',
    'http.url': 'The address is not a usable http or https address.',
    'http.network':
      'The server could not be reached, or the connection broke. Retried: the upload goes on where it was.',
    'http.timeout': 'The server did not accept the connection, or did not answer in time.',
    'upload.session': 'The answer to the first request names no session: see `session`.',
    'upload.answer': 'The service says in a form that is not understood how much it has.',
    'upload.stuck': 'The service takes no more, although the upload is not complete. Retried.',
    'upload.lost': 'The service has forgotten several sessions before they were complete. Retried.',
    'blob.notFound': 'There is no data of this reference in the workspace.',
    'connection.host': 'The connection may not be sent to this host.',
    'network.forbidden': 'The address is private, local or reserved, and the operator has not allowed it.',
  },
  notes: NOTES,
  async run(ctx, parameters) {
    const { uploadTo } = await import('./uploading/upload-to.ts');
    return uploadTo(ctx, parameters);
  },
});
