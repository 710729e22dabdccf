import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type Sending, slowly } from './raw.ts';

/** Where the requests go. */
export interface Targets {
  readonly hook: string;
  readonly form: string;
}

/** A request that nobody sends by mistake, and the status it gets; 0: the connection is closed without one. */
export type HostileCase = readonly [name: string, sending: Sending, ...statuses: number[]];

const HOST = 'host: localhost\r\n';
const JSON_TYPE = 'content-type: application/json\r\n';

/** A request with a body and the right length. */
function post(path: string, body: string | Buffer, headers = JSON_TYPE): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\n${HOST}${headers}content-length: ${bytes.length}\r\n\r\n`),
    bytes,
  ]);
}

const head = (line: string, headers = '') => `${line} HTTP/1.1\r\n${HOST}${headers}\r\n`;
/** A request whose body comes in these chunks, written as they are. */
const chunked = (path: string, chunks: string) =>
  head(`POST ${path}`, `${JSON_TYPE}transfer-encoding: chunked\r\n`) + chunks;
const form = (type: string) => `content-type: ${type}\r\n`;
const URLENCODED = form('application/x-www-form-urlencoded');
const part = (name: string, value: string) =>
  `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const MULTIPART = form('multipart/form-data; boundary=b');
const ZEROS = Buffer.alloc(30 * 1024 * 1024);
const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
function* forever(piece: string): Generator<string> {
  for (let n = 0; n < 200; n++) yield piece;
}

/** Requests whose very shape is hostile. */
export const framing = ({ hook }: Targets): HostileCase[] => [
  ['one huge header', head(`POST ${hook}`, `x: ${'x'.repeat(100_000)}\r\n`), 431],
  ['many headers', head(`POST ${hook}`, 'x: y\r\n'.repeat(1_000)), 431],
  ['endless headers', `POST ${hook} HTTP/1.1\r\n${HOST}${'x: y\r\n'.repeat(100_000)}`, 431],
  ['an address of 64 kB', head(`GET /hooks/${'a'.repeat(65_536)}`), 431],
  ['no host', `POST ${hook} HTTP/1.1\r\ncontent-length: 0\r\n\r\n`, 400],
  ['two hosts', head(`POST ${hook}`, 'host: evil.example\r\ncontent-length: 0\r\n'), 400],
  ['a foreign host', `POST ${hook} HTTP/1.1\r\nhost: evil.example\r\ncontent-length: 0\r\n\r\n`, 403],
  ['a length that is no number', head(`POST ${hook}`, 'content-length: ten\r\n'), 400],
  ['a negative length', head(`POST ${hook}`, 'content-length: -1\r\n'), 400],
  ['two lengths', head(`POST ${hook}`, 'content-length: 1\r\ncontent-length: 2\r\n'), 400],
  ['the same length twice', head(`POST ${hook}`, 'content-length: 0\r\ncontent-length: 0\r\n'), 400],
  ['a huge length', head(`POST ${hook}`, `${JSON_TYPE}content-length: 99999999999\r\n`), 413],
  ['a length beyond all numbers', head(`POST ${hook}`, `content-length: ${'9'.repeat(40)}\r\n`), 400],
  [
    'a length and chunks',
    `${head(`POST ${hook}`, 'content-length: 5\r\ntransfer-encoding: chunked\r\n')}0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    400,
  ],
  [
    'chunks and a length',
    `${head(`POST ${hook}`, 'transfer-encoding: chunked\r\ncontent-length: 5\r\n')}0\r\n\r\n`,
    400,
  ],
  ['an unknown transfer encoding', head(`POST ${hook}`, 'transfer-encoding: xchunked\r\n'), 400],
  ['chunked, but not last', head(`POST ${hook}`, 'transfer-encoding: chunked, identity\r\n'), 400],
  ['a chunk of no size', `${head(`POST ${hook}`, 'transfer-encoding: chunked\r\n')}zz\r\nab\r\n0\r\n\r\n`, 400],
  ['a chunk of a huge size', `${head(`POST ${hook}`, 'transfer-encoding: chunked\r\n')}fffffffffffffffff\r\nab`, 400],
  [
    'huge chunk extensions',
    `${head(`POST ${hook}`, 'transfer-encoding: chunked\r\n')}1;${'x'.repeat(100_000)}\r\na\r\n0\r\n\r\n`,
    413,
  ],
  ...['+5', '0x5', '5, 5', '5;x', '1e1', '5 5'].map(
    (length): HostileCase => [
      `a length of ${length}`,
      `${head(`POST ${hook}`, `content-length: ${length}\r\n`)}12345`,
      400,
    ],
  ),
  ...['0x5', '-5', '+5', '5 x'].map(
    (size): HostileCase => [`a chunk of the size ${size}`, chunked(hook, `${size}\r\n12345\r\n0\r\n\r\n`), 400],
  ),
  ['a chunk that is longer than its size', chunked(hook, '2\r\n12345\r\n0\r\n\r\n'), 400],
  ['endless trailers', chunked(hook, `2\r\n{}\r\n0\r\n${'x: y\r\n'.repeat(20_000)}\r\n`), 400, 431],
  [
    'a compression as transfer encoding',
    `${head(`POST ${hook}`, 'transfer-encoding: gzip, chunked\r\n')}0\r\n\r\n`,
    400,
  ],
  ['chunks within chunks', `${head(`POST ${hook}`, 'transfer-encoding: chunked, chunked\r\n')}0\r\n\r\n`, 400],
  ['two content types', post(hook, '{}', `${JSON_TYPE}content-type: text/plain\r\n`), 400],
  ['a header without a colon', head(`POST ${hook}`, 'x\r\ncontent-length: 0\r\n'), 400],
  ['a header without a name', head(`POST ${hook}`, ': x\r\ncontent-length: 0\r\n'), 400],
  ['a header whose name is no token', head(`POST ${hook}`, 'x\u00fcy: x\r\ncontent-length: 0\r\n'), 400],
  ['a header that breaks its line alone', head(`POST ${hook}`, 'x: a\rinjected: b\r\ncontent-length: 0\r\n'), 400],
  ['__proto__ as a header', post(hook, '{}', `${JSON_TYPE}__proto__: x\r\n`), 400],
  ...[
    '',
    'a@localhost',
    'localhost/x',
    'localhost:99999',
    'localhost:x',
    'local host',
    '[::1',
    'localhost, evil.example',
  ].map(
    (host): HostileCase => [
      `the host "${host}"`,
      `POST ${hook} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\n\r\n`,
      400,
      403,
    ],
  ),
  ['a folded header', head(`POST ${hook}`, 'x: a\r\n b\r\ncontent-length: 0\r\n'), 400],
  ['a space before the colon', head(`POST ${hook}`, 'content-length : 5\r\n'), 400],
  ['a zero byte in a header', head(`POST ${hook}`, 'x: a\0b\r\n'), 400],
  ['bare line feeds', `POST ${hook} HTTP/1.1\nhost: localhost\ncontent-length: 0\n\n`, 400],
  ['HTTP/0.9', `GET ${hook}\r\n\r\n`, 400, 405],
  ['HTTP/9.9', `GET ${hook} HTTP/9.9\r\n${HOST}\r\n`, 400],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['the address of another server', head('GET http://evil.example/hooks/x'), 400, 403, 404],
  ['an address with a user', head(`POST http://localhost@evil.example${hook}`, 'content-length: 0\r\n'), 400, 403, 404],
  ['an address without a slash', head(`POST ${hook.slice(1)}`, 'content-length: 0\r\n'), 400],
  ['an address that is a user', head(`POST @evil.example${hook}`, 'content-length: 0\r\n'), 400],
  ['an address that is a port', head(`POST :80${hook}`, 'content-length: 0\r\n'), 400],
  ['the address of everything', head('POST *', 'content-length: 0\r\n'), 400, 404],
  ['a space in the address', head(`POST ${hook} x`, 'content-length: 0\r\n'), 400],
  ['a zero byte in the address', head(`POST ${hook}/\0`, 'content-length: 0\r\n'), 400],
  ['a method in lower case', head(`post ${hook}`, 'content-length: 0\r\n'), 400],
  ['HTTP/1.2', `POST ${hook} HTTP/1.2\r\n${HOST}content-length: 0\r\n\r\n`, 400],
  ['CONNECT', head('CONNECT evil.example:443'), 405],
  ['TRACE', head(`TRACE ${hook}`), 405],
  ['an unknown method', head(`FOO ${hook}`), 400],
  ['an unknown expectation', head(`POST ${hook}`, 'expect: the-unexpected\r\ncontent-length: 2\r\n'), 417],
  ['random bytes', Buffer.from(Array.from({ length: 4_096 }, (_, n) => (n * 151 + 7) % 256)), 400],
  ['a TLS greeting', Buffer.from('1603010200010001fc0303', 'hex'), 400],
  [
    'a body that breaks off',
    async (socket) => void socket.end(`${head(`POST ${hook}`, `${JSON_TYPE}content-length: 100\r\n`)}{"n":`),
    400,
  ],
  [
    'an upload that is aborted',
    async (socket) => {
      socket.write(`${head(`POST ${hook}`, `${JSON_TYPE}content-length: 1000000\r\n`)}{"n":`);
      socket.resetAndDestroy();
    },
    0,
  ],
];

/** Requests that take their time: they last as long as the server lets them. */
export const slow = ({ hook }: Targets): HostileCase[] => [
  ['slow headers', slowly([`POST ${hook} HTTP/1.1\r\n`, ...forever('x: y\r\n')], 500), 408],
  ['a slow body', slowly([head(`POST ${hook}`, `${JSON_TYPE}content-length: 100000\r\n`), ...forever(' ')], 500), 408],
  [
    'slow chunks',
    slowly([head(`POST ${hook}`, `${JSON_TYPE}transfer-encoding: chunked\r\n`), ...forever('1\r\n \r\n')], 500),
    408,
  ],
];

/** Addresses that point elsewhere. */
export const paths = ({ hook }: Targets): HostileCase[] => [
  ...[
    '/hooks/../api/runs/../../etc/passwd',
    '/hooks/..%2f..%2fetc%2fpasswd',
    '/hooks/%2e%2e/%2e%2e/etc/passwd',
    '//hooks//',
    '/hooks/',
    '/hooks/%00',
    '/hooks/a%00b',
    '/hooks/%c0%ae%c0%ae/',
    '/hooks/%ff',
    '/hooks/%',
    '/forms/..%2f..%2f',
    '/forms/%00',
    '/hooks/__proto__',
    '/hooks/constructor',
    '/forms/__proto__',
    '/hooks\\..\\x',
  ].map((path): HostileCase => [`the path ${path}`, head(`GET ${path}`), 400, 404]),
  ['a zero byte below a webhook', post(`${hook}/a%00b`, '{}'), 400],
  ['bytes that are no UTF-8 below a webhook', post(`${hook}/%c0%af`, '{}'), 400],
  ['bytes that are no UTF-8 in the query', post(`${hook}?a=%ff`, '{}'), 400],
  ['__proto__ in the query', post(`${hook}?__proto__[x]=1`, '{}'), 400],
  ['a query of 5,000 fields', post(`${hook}?${'a&'.repeat(5_000)}`, '{}'), 400],
  ['a query with a broken escape', post(`${hook}?a=%zz`, '{}'), 400],
  ['a name of 300 letters in the query', post(`${hook}?${'a'.repeat(300)}=1`, '{}'), 400],
];

/** Bodies that nobody wants to read. */
export const bodies = ({ hook, form: page }: Targets): HostileCase[] => [
  ['a gzip bomb', post(hook, gzipSync(ZEROS), `${JSON_TYPE}content-encoding: gzip\r\n`), 413],
  ['a deflate bomb', post(hook, deflateSync(ZEROS), `${JSON_TYPE}content-encoding: deflate\r\n`), 413],
  ['a brotli bomb', post(hook, brotliCompressSync(ZEROS), `${JSON_TYPE}content-encoding: br\r\n`), 413],
  ['a zstd bomb', post(hook, zstdCompressSync(ZEROS), `${JSON_TYPE}content-encoding: zstd\r\n`), 413],
  [
    'gzip that is cut off',
    post(hook, gzipSync('{"a":1}').subarray(0, 15), `${JSON_TYPE}content-encoding: gzip\r\n`),
    400,
  ],
  ['a bomb in a bomb', post(hook, gzipSync(gzipSync(ZEROS)), `${JSON_TYPE}content-encoding: gzip, gzip\r\n`), 413],
  ['ten compressions', post(hook, 'x', `${JSON_TYPE}content-encoding: ${Array(10).fill('gzip').join(', ')}\r\n`), 400],
  [
    '20,000 gzip members',
    post(hook, Buffer.concat(Array(20_000).fill(gzipSync('x'.repeat(100)))), `${JSON_TYPE}content-encoding: gzip\r\n`),
    400,
    413,
  ],
  ['gzip that is none', post(hook, 'not gzip', `${JSON_TYPE}content-encoding: gzip\r\n`), 400],
  ['an unknown compression', post(hook, 'x', `${JSON_TYPE}content-encoding: lzma\r\n`), 415],
  ['an unknown charset', post(hook, '"x"', 'content-type: application/json; charset=klingon\r\n'), 415],
  ['UTF-7', post(hook, '+ACI-x+ACI-', 'content-type: application/json; charset=utf-7\r\n'), 415],
  ['UTF-16 of an odd length', post(hook, Buffer.from('fffe220022', 'hex')), 400],
  ['half of a surrogate pair in UTF-16', post(hook, Buffer.from('fffe220000d82200', 'hex')), 400],
  ['UTF-32', post(hook, Buffer.from('fffe00002200000022000000', 'hex')), 400],
  ['__proto__', post(hook, '{"a":[{"__proto__":{"polluted":1}}]}'), 400],
  ['__proto__ with an escape', post(hook, '{"\\u005f_proto__":{"polluted":1}}'), 400],
  ['constructor.prototype', post(hook, '{"constructor":{"prototype":{"polluted":1}}}'), 400],
  ['__proto__ of a form', post(hook, '__proto__[polluted]=1', URLENCODED), 400],
  ['__proto__ of a multipart form', post(hook, `${part('__proto__', '1')}--b--\r\n`, MULTIPART), 400],
  ['__proto__ of an event', post('/api/events', '{"name":"x","data":{"__proto__":{"polluted":1}}}'), 400],
  [
    '__proto__ of a CloudEvent',
    post(
      '/api/events',
      '{"specversion":"1.0","id":"1","source":"s","type":"t","__proto__":{"x":1}}',
      form('application/cloudevents+json'),
    ),
    400,
  ],
  ['__proto__ on a form page', post(page, '__proto__[x]=1', URLENCODED), 400],
  ['deep JSON', post(hook, deep(100_000)), 400],
  ['deep objects', post(hook, `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`), 400],
  ['a deep event', post('/api/events', `{"name":"x","data":${deep(100_000)}}`), 400],
  ['an infinite number in an event', post('/api/events', '{"name":"x","data":1e400}'), 400],
  ['half of JSON', post(hook, '{"a":'), 400],
  ['invalid UTF-8', post(hook, Buffer.from([0x22, 0xff, 0xfe, 0x80, 0x22])), 400],
  ['overlong UTF-8', post(hook, Buffer.from([0x22, 0xc0, 0xaf, 0x22])), 400],
  ['an event in invalid UTF-8', post('/api/events', Buffer.from([0x22, 0xff, 0x22])), 400],
  ['half of a surrogate pair as the name of an event', post('/api/events', '{"name":"\\ud800"}'), 400],
  ['two megabytes', post(hook, `"${'x'.repeat(2_000_000)}"`), 413],
  ['a form of a million fields', post(hook, 'a&'.repeat(500_000), URLENCODED), 400],
  ['a form page with a million fields', post(page, 'a&'.repeat(1_000_000), URLENCODED), 400],
  [
    'a form of 10,000 names',
    post(hook, Array.from({ length: 10_000 }, (_, n) => `f${n}=1`).join('&'), URLENCODED),
    400,
  ],
  ['a name of 300 letters in a form', post(hook, `${'a'.repeat(300)}=1`, URLENCODED), 400],
  ['a form with a broken escape', post(hook, 'a=%', URLENCODED), 400],
  [
    'multipart with 10,000 parts',
    post(hook, `${Array.from({ length: 10_000 }, (_, n) => part(`f${n}`, 'x')).join('')}--b--\r\n`, MULTIPART),
    400,
  ],
  [
    'a form page with 10,000 parts',
    post(page, `${Array.from({ length: 10_000 }, (_, n) => part(`f${n}`, 'x')).join('')}--b--\r\n`, MULTIPART),
    400,
  ],
  [
    'multipart with 60 files',
    post(
      hook,
      `${Array.from({ length: 60 }, (_, n) => part(`f${n}"; filename="x`, 'x')).join('')}--b--\r\n`,
      MULTIPART,
    ),
    400,
  ],
  ['a file called __proto__', post(hook, `${part('__proto__"; filename="x', 'x')}--b--\r\n`, MULTIPART), 400],
  ['a part without a name', post(hook, '--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n--b--\r\n', MULTIPART), 400],
  ['a field that is no UTF-8', post(hook, Buffer.from(`${part('a', '\xff')}--b--\r\n`, 'latin1'), MULTIPART), 400],
  ['an empty boundary', post(hook, part('a', 'x'), form('multipart/form-data; boundary=""')), 400],
  ['multipart without a boundary', post(hook, part('a', 'x'), form('multipart/form-data')), 400],
  ['a boundary of 10 kB', post(hook, 'x', form(`multipart/form-data; boundary=${'b'.repeat(10_000)}`)), 400],
  ['multipart that does not end', post(hook, part('a', 'x'), MULTIPART), 400],
  ['part headers that do not end', post(hook, `--b\r\n${'x: y\r\n'.repeat(50_000)}`, MULTIPART), 400],
  ['a form page as XML', post(page, '<a/>', form('application/xml')), 415],
  ['an event as XML', post('/api/events', '<a/>', form('application/xml')), 415],
];
