import { expect, it } from 'vitest';
import { testCertificate } from '../testing/certificate.ts';
import { fields, targetOf } from './target.ts';

const sslOf = (data: object) => targetOf(fields.parse(data))?.ssl;
const at = (host: string, more: object = {}) => sslOf({ host, database: 'd', user: 'u', ...more });

it.each(['localhost', 'LOCALHOST', 'localhost.', '127.0.0.1', '127.8.9.10', '::1', '[::1]', '::ffff:127.0.0.1'])(
  'does without TLS at %s, which is this machine, if the server has none',
  (host) => {
    expect(at(host)).toBe('prefer');
  },
);

it.each([
  'db.example',
  'db',
  '127.mail.example',
  '127.0.0.1.example',
  'localhost.example',
  'notlocalhost',
  '10.0.0.1',
  '192.168.1.1',
  '0.0.0.0',
  '::ffff:10.0.0.1',
])('requires TLS at %s', (host) => {
  expect(at(host)).toBe('require');
});

it.each([
  ['postgres://u:p@db.example/d', 'require'],
  ['postgres://u:p@localhost/d', 'prefer'],
  ['postgres://u:p@[::1]/d', 'prefer'],
  ['postgres://u:p@127.mail.example/d', 'require'],
  ['postgres://u:p@db.example/d?sslmode=disable', 'disable'],
  ['postgres://u:p@localhost/d?sslmode=verify-full', 'verify-full'],
  ['postgres://u:p@db.example/d?sslmode=verify-ca', 'verify-full'],
  ['postgres://u:p@db.example/d?sslmode=what', 'require'],
])('reads %s as %s', (url, ssl) => {
  expect(sslOf({ url })).toBe(ssl);
});

it('lets the owner decide', () => {
  expect(at('db.example', { ssl: 'prefer' })).toBe('prefer');
  expect(at('localhost', { ssl: 'require' })).toBe('require');
  expect(sslOf({ url: 'postgres://u:p@db.example/d?sslmode=require', ssl: 'disable' })).toBe('disable');
});

it('checks certificates if an authority is given, unless `ssl` or the url says otherwise', () => {
  const ca = testCertificate('authority.example').cert;
  expect(at('db.example', { ca })).toBe('verify-full');
  expect(at('localhost', { ca })).toBe('verify-full');
  expect(at('db.example', { ca, ssl: 'require' })).toBe('require');
  expect(sslOf({ url: 'postgres://u:p@db.example/d?sslmode=prefer', ca })).toBe('prefer');
});
