import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { cutBody, dropAnswer, dropRequest, type Fault, refuse } from '../testing/fake-provider/faults.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { sessionServer } from '../uploads/testing/session-server.ts';
import { upload } from './upload.ts';

const PIECE = 262_144;
const BYTES = randomBytes(3 * PIECE + 1_000);

const PARAMETERS = { google: {}, microsoft: { session: 'uploadUrl', ask: 'GET' } } as const;

describe.each(['google', 'microsoft'] as const)('http.upload to a server that speaks as %s does', (speaks) => {
  let server: Awaited<ReturnType<typeof sessionServer>>;
  beforeAll(async () => {
    server = await sessionServer(speaks);
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  /** Tries a step again and again, as Blok does, until it succeeds. */
  async function attempts(bytes = BYTES, most = 5) {
    const ctx = fakeContext();
    const blob = await ctx.blobs.put(bytes);
    const parameters = { url: `${server.base}/files`, blob, pieceBytes: PIECE, ...PARAMETERS[speaks] };
    for (let attempt = 1; ; attempt += 1) {
      const result = await runNode(upload, { ...ctx, attempt }, parameters).catch((error: unknown) => {
        if (attempt === most) throw error;
        return null;
      });
      if (result !== null) return { result, attempt };
    }
  }
  const areWhole = (bytes = BYTES) => server.state.done.every((one) => one.equals(bytes));

  it('sends each piece once, and returns what the service says', async () => {
    const { result, attempt } = await attempts();
    expect([attempt, result]).toEqual([1, expect.objectContaining({ status: 201, size: BYTES.length })]);
    expect(result.body).toEqual({ id: 'file-1', size: BYTES.length });
    expect([areWhole(), server.state.done.length, server.state.received]).toEqual([true, 1, BYTES.length]);
    expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'PUT', 'PUT', 'PUT', 'PUT']);
  });

  it.each([0, 1, PIECE, 2 * PIECE])('uploads %d bytes whole', async (size) => {
    await attempts(BYTES.subarray(0, size));
    expect([areWhole(BYTES.subarray(0, size)), server.state.received]).toEqual([true, size]);
  });

  // The requests are: begin, four pieces.
  const FAULTS: readonly (readonly [string, Fault])[] = [
    ['is not done', dropRequest],
    ['is done, and its answer is lost', dropAnswer],
    ['is done, and its answer is cut off', cutBody],
    ['meets a server that is too busy', refuse(503)],
  ];
  for (const [what, fault] of FAULTS)
    it.each([1, 2, 3, 4, 5])(`goes on where it was if request %d ${what}`, async (nth) => {
      server.fail('* /*', ...Array.from({ length: nth - 1 }, () => null), fault);
      const { attempt } = await attempts();
      expect(attempt).toBeLessThanOrEqual(2);
      // Only a service that forgets a session once it is complete gets the bytes again.
      const twice = speaks === 'microsoft' && nth === 5 && fault !== dropRequest && server.state.done.length === 2;
      expect([areWhole(), server.state.done.length]).toEqual([true, twice ? 2 : 1]);
      expect(server.state.received).toBeLessThanOrEqual((twice ? 2 : 1) * BYTES.length + PIECE);
    });

  it('goes on from what the service has taken, which may be less than it was sent', async () => {
    server.state.takes = 100_000;
    await attempts();
    expect([areWhole(), server.state.done.length]).toEqual([true, 1]);
  });

  it('begins again if the service has forgotten the session', async () => {
    server.fail('PUT /*', null, null, dropRequest);
    const ctx = fakeContext();
    const blob = await ctx.blobs.put(BYTES);
    const parameters = { url: `${server.base}/files`, blob, pieceBytes: PIECE, ...PARAMETERS[speaks] };
    expect(await failure(runNode(upload, ctx, parameters))).toMatchObject({ code: 'http.network', retryable: true });
    server.state.open.clear();
    await runNode(upload, ctx, parameters);
    expect([areWhole(), server.state.done.length]).toEqual([true, 1]);
  });

  it('gives up on a service that takes nothing, so that it is tried again later', async () => {
    server.state.takes = 0;
    expect(await failure(attempts(BYTES, 1))).toMatchObject({ code: 'upload.stuck', retryable: true });
  });

  it('says what is wrong with an answer that names no session', async () => {
    server.always('POST /files', refuse(200, { ok: true }));
    expect(await failure(attempts(BYTES, 1))).toMatchObject({ code: 'upload.session' });
  });
});

describe('a process that uploads and is killed', () => {
  it('is followed by one that sends the rest, wherever it was killed', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder('uploads');
    const server = await sessionServer('google');
    const [cellFile, blobFile] = [join(folder.path, 'cell'), join(folder.path, 'blob')];
    writeFileSync(blobFile, BYTES);
    const work = { url: `${server.base}/files`, cellFile, blobFile, sha256: 'a'.repeat(64), pieceBytes: PIECE };
    const start = (): ChildProcess =>
      fork(fileURLToPath(new URL('../uploads/testing/uploader.ts', import.meta.url)), [JSON.stringify(work)]);
    let child: ChildProcess;
    // Before the piece is taken, and after it was taken, and nobody has heard so.
    const killBefore: Fault = () => void child.kill('SIGKILL');
    const killAfter: Fault = async (turn) => {
      await turn.commit();
      child.kill('SIGKILL');
    };
    for (const kill of [killAfter, killBefore, killAfter]) {
      server.fail('PUT /*', null, kill);
      child = start();
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    }
    child = start();
    const [result] = (await once(child, 'message')) as [{ size: number }];
    expect(result.size).toBe(BYTES.length);
    expect([server.state.done.length, server.state.done[0]!.equals(BYTES)]).toEqual([1, true]);
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    // Each kill cost one piece at most.
    expect(server.state.received).toBeLessThanOrEqual(BYTES.length + 3 * PIECE);
    await server.close();
    folder.remove();
  });
});
