import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../../testing/run-node.ts';
import { request } from '../request.ts';
import { type RecordingServer, recordingServer } from '../testing/recording-server.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const get = (input: object = {}) => runNode(request, fakeContext(), { url: server.base, ...input });
const answer = (body: Buffer, type: string | null, status = 200): void => {
  server.answer = (_, res) => res.writeHead(status, type === null ? {} : { 'content-type': type }).end(body);
};
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

const XML = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<title>Zürcher Café</title>';
const HTML = '<!doctype html><head><meta charset="windows-1252"><title>\x80 5 für Mélange</title>';

describe('http.request: the encoding of a text', () => {
  it.each<[string, string | null, Buffer, string]>([
    ['a charset', 'text/plain; charset=iso-8859-1', latin1('ü'), 'ü'],
    ['a charset in quotes', 'text/plain; Charset="Shift_JIS"', Buffer.from([0x83, 0x65]), 'テ'],
    ['a charset nobody knows, over UTF-8', 'text/plain; charset=utf8mb4', Buffer.from('ü'), 'ü'],
    ['a mark for UTF-8', 'text/plain', Buffer.from('\ufeffü'), 'ü'],
    ['a mark for UTF-16', 'text/plain', Buffer.from('\ufeffü', 'utf16le'), 'ü'],
    ['a mark for UTF-16 without a content type', null, swapped('\ufeffü'), 'ü'],
    ['a mark against a charset', 'text/plain; charset=iso-8859-1', Buffer.from('\ufeffü'), 'ü'],
    ['an XML declaration', 'application/rss+xml', latin1(XML), XML],
    ['an XML declaration, as text', 'text/plain', latin1(XML), XML],
    [
      'an XML declaration in single quotes',
      'text/xml',
      latin1("<?xml version='1.0' encoding='latin1' ?>ü"),
      "<?xml version='1.0' encoding='latin1' ?>ü",
    ],
    ['an XML declaration in UTF-16', 'text/xml', swapped('<?xml version="1.0"?>ü'), '<?xml version="1.0"?>ü'],
    ['a charset against an XML declaration', 'text/xml; charset=utf-8', Buffer.from(XML), XML],
    ['a meta element', 'text/html', latin1(HTML), HTML.replace('\x80', '€')],
    [
      'a meta element with content',
      'text/html',
      latin1('<META http-equiv=Content-Type content="text/html; charset=ISO-8859-2">\xb1'),
      '<META http-equiv=Content-Type content="text/html; charset=ISO-8859-2">ą',
    ],
    ['a meta element that claims UTF-16', 'text/html', Buffer.from('<meta charset=utf-16>ü'), '<meta charset=utf-16>ü'],
    [
      'a meta element in a comment',
      'text/html',
      Buffer.from('<!-- <meta charset=latin1> -->ü'),
      '<!-- <meta charset=latin1> -->ü',
    ],
    [
      'a meta element, whatever others say in their content',
      'text/html',
      latin1('<meta name="description" content="a > b, charset=utf-8"><meta charset=\'windows-1252\'>\xe9'),
      '<meta name="description" content="a > b, charset=utf-8"><meta charset=\'windows-1252\'>é',
    ],
    [
      'nothing, if only a description names a charset',
      'text/html',
      Buffer.from('<meta name=description content="charset=iso-8859-1">ü'),
      '<meta name=description content="charset=iso-8859-1">ü',
    ],
    ['nothing: it is UTF-8', 'text/plain', Buffer.from('ü'), 'ü'],
  ])('is that of %s', async (_, type, bytes, text) => {
    answer(bytes, type);
    expect((await get({ responseAs: 'text' })).body).toBe(text);
    expect((await get()).body).toBe(text);
  });

  it('is the one the author names, for JSON and lines of JSON too', async () => {
    answer(latin1('naïve;café'), 'text/csv; charset=utf-8');
    expect((await get({ encoding: 'windows-1252' })).body).toBe('naïve;café');
    answer(latin1('naïve;café'), null);
    expect((await get({ encoding: 'latin1' })).body).toBe('naïve;café');
    answer(latin1('{"a":"é"}'), 'application/json');
    expect((await get({ encoding: 'latin1' })).body).toEqual({ a: 'é' });
    expect((await get({ encoding: 'latin1', responseAs: 'ndjson' })).body).toEqual([{ a: 'é' }]);
    answer(latin1('["é"]'), 'application/json');
    expect((await get({ encoding: 'latin1', pagination: { by: 'link' } })).body).toEqual(['é']);
  });

  it.each<[string, Buffer, object, string]>([
    ['text/plain', latin1('naïve'), {}, 'it is not UTF-8, and it says no other encoding'],
    ['application/json', latin1('{"a":"é"}'), {}, 'it is not UTF-8'],
    ['application/x-ndjson', latin1('{"a":"é"}'), {}, 'it is not UTF-8'],
    ['image/png', latin1('\x89PNG'), { responseAs: 'text' }, 'it is not UTF-8'],
    ['text/plain; charset=utf-8', latin1('é'), {}, 'not utf-8, as its content type says'],
    ['text/html', latin1('<meta charset=utf-8>é'), {}, 'not utf-8, as its meta element says'],
    ['text/plain; charset=klingon', latin1('é'), {}, '"klingon", which is no encoding Blok knows'],
    ['text/plain', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), {}, '"utf-32le", which is no encoding'],
    ['text/plain', Buffer.from([0x83]), { encoding: 'shift_jis' }, 'not shift_jis, as "encoding" says'],
  ])('that does not fit %s fails, and no letter is replaced', async (type, bytes, input, words) => {
    answer(bytes, type);
    const error = await failure(get(input));
    expect(error).toMatchObject({ code: 'http.notText', retryable: false, unknown: false });
    expect(error.message).toContain(words);
    expect(error.message).toContain('"encoding"');
    expect((await get({ responseAs: 'base64' })).body).toBe(bytes.toString('base64'));
  });

  it('of a failed answer is honoured, and never hides the failure', async () => {
    answer(latin1(XML), 'text/xml', 400);
    expect((await failure(get())).details).toMatchObject({ body: XML });
    answer(latin1('naïve'), 'text/plain', 400);
    expect((await failure(get())).details).toMatchObject({ body: 'na\ufffdve' });
  });

  it('may be missing: bytes without a content type stay bytes', async () => {
    answer(latin1('na\xefve'), null);
    expect((await get()).body).toMatchObject({ size: 5 });
  });
});
