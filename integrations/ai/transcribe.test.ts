import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { dropRequest } from '../testing/fake-provider/faults.ts';
import { failure, runNode } from '../testing/run-node.ts';
import { scriptedModel } from './testing/scripted-model.ts';
import { transcribe } from './transcribe.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const MP3 = Buffer.from('ID3\x04rest').toString('base64');
const run = (parameters: object, ctx = model.context()) => runNode(transcribe, ctx, { model: 'm', ...parameters });

describe('ai.transcribe', () => {
  it('writes down what is said, under a name that tells the provider what it is', async () => {
    expect(await run({ base64: MP3, language: 'de' })).toMatchObject({
      text: 'heard recording.mp3',
      usage: { seconds: 7 },
    });
    const wav = Buffer.from('RIFF....WAVEfmt ').toString('base64');
    expect((await run({ base64: wav })).text).toBe('heard recording.wav');
  });

  it('keeps what was written down, and does not pay for it twice', async () => {
    const ctx = model.context();
    model.fail('POST /v1/audio/transcriptions', dropRequest);
    expect(await failure(run({ base64: MP3 }, ctx))).toMatchObject({ retryable: true });
    await run({ base64: MP3 }, ctx);
    await run({ base64: MP3 }, ctx);
    expect(model.state.answered).toBe(1);
  });

  it('sends nothing that is no recording, or too large', async () => {
    expect((await failure(run({ base64: Buffer.from('text').toString('base64') }))).code).toBe('document.kind');
    const ctx = model.context();
    await ctx.files.write('long.mp3', Buffer.concat([Buffer.from('ID3'), Buffer.alloc(26 * 1_048_576)]), null);
    expect((await failure(run({ path: 'long.mp3' }, ctx))).code).toBe('document.tooLarge');
    expect(model.requests).toEqual([]);
  });
});
