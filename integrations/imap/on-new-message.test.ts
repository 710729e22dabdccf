import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../testing/run-node.ts';
import { fakePollContext, fakeWatch } from '../testing/run-poll.ts';
import type { Message } from './message.ts';
import { onNewMessage } from './on-new-message.ts';
import { type ImapServer, imapServer, PASSWORD } from './testing/imap-server.ts';

let server: ImapServer;
beforeEach(async () => {
  server = await imapServer();
});
afterEach(() => server.close());

const connection = (data: object = {}) => ({
  name: 'mail',
  type: 'imap',
  data: { host: '127.0.0.1', port: server.port, secure: false, user: 'ann', password: PASSWORD, ...data },
  hosts: [],
});
const watch = (given: object = {}, ctx = fakePollContext({ connection: connection() })) =>
  fakeWatch(onNewMessage, given, ctx);
const mail = (id: number | string, text = 'hello') =>
  `Message-ID: <${id}@mail.test>\nSubject: Mail ${id}\nFrom: Bob <bob@mail.test>\n\n${text}\n`;
const subjects = async (mailbox: ReturnType<typeof watch>) =>
  (await mailbox.look()).map(({ item }) => (item as unknown as Message).subject);

describe('imap.newMessage', () => {
  it('takes nothing of 5,000 old messages, and then each new one once', async () => {
    for (let id = 1; id <= 5_000; id++) server.add(mail(id));
    const mailbox = watch();
    expect(await subjects(mailbox)).toEqual([]);
    expect(await subjects(mailbox)).toEqual([]);
    server.add(mail('a'));
    server.add(mail('b'));
    const found = await mailbox.look();
    expect(found.map(({ key }) => key)).toEqual(['INBOX/1000/5001', 'INBOX/1000/5002']);
    expect(await subjects(mailbox)).toEqual([]);
    expect(JSON.stringify(mailbox.cursor()).length).toBeLessThan(20_000);
  });

  it('takes a message apart, and stores its attachments', async () => {
    const mailbox = watch();
    await mailbox.look();
    server.add(
      [
        'Message-ID: <1@mail.test>',
        'From: "Ann Ä" <ann@mail.test>',
        'To: bob@mail.test, Team: cid@mail.test, dan@mail.test;',
        'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
        'Date: Fri, 27 Nov 2026 10:00:00 +0100',
        'In-Reply-To: <0@mail.test>',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=iso-8859-1',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Gr=FC=DFe',
        '--b',
        'Content-Type: text/csv; name="a.csv"',
        'Content-Disposition: attachment; filename="a.csv"',
        'Content-Transfer-Encoding: base64',
        '',
        'MTsyCg==',
        '--b--',
        '',
      ].join('\n'),
      new Date('2026-11-27T09:00:05Z'),
    );
    const ctx = fakePollContext({ connection: connection() });
    const [found] = await fakeWatch(onNewMessage, { from: 'beginning' }, ctx).look();
    const item = onNewMessage.item.parse(found!.item);
    expect(item).toMatchObject({
      uid: 1,
      messageId: '<1@mail.test>',
      subject: 'Grüße',
      from: [{ name: 'Ann Ä', address: 'ann@mail.test' }],
      date: '2026-11-27T09:00:00.000Z',
      receivedAt: '2026-11-27T09:00:05.000Z',
      inReplyTo: '<0@mail.test>',
      html: null,
      complete: true,
    });
    expect(item.to.map(({ address }) => address)).toEqual(['bob@mail.test', 'cid@mail.test', 'dan@mail.test']);
    expect(item.text?.trim()).toBe('Grüße');
    expect(item.attachments).toMatchObject([{ name: 'a.csv', contentType: 'text/csv', size: 4, inline: false }]);
    expect(Buffer.from(await ctx.blobs.get(item.attachments[0]!.file.sha256)).toString()).toBe('1;2\n');
  });

  it('takes all messages in pages from the beginning, and none twice', async () => {
    for (let id = 1; id <= 120; id++) server.add(mail(id));
    const mailbox = watch({ from: 'beginning' });
    expect(await subjects(mailbox)).toEqual(Array.from({ length: 120 }, (_, index) => `Mail ${index + 1}`));
    expect(mailbox.looks()).toBe(3);
  });

  it('recognises what it knows when the server numbers the mailbox again, and takes only what came meanwhile', async () => {
    const old = new Date(Date.now() - 30 * 86_400_000);
    for (let id = 1; id <= 1_500; id++) server.add(mail(id), old);
    const mailbox = watch();
    await mailbox.look();
    server.add(mail('seen'));
    expect(await subjects(mailbox)).toEqual(['Mail seen']);
    server.add(mail('meanwhile'));
    server.renumber();
    expect(await subjects(mailbox)).toEqual(['Mail meanwhile']);
    server.add(mail('after'));
    expect(await subjects(mailbox)).toEqual(['Mail after']);
  });

  it('finds what came meanwhile, although a program has put a message there whose date is to come', async () => {
    server.add(mail('to come'), new Date('2099-01-01T00:00:00Z'));
    const mailbox = watch();
    await mailbox.look();
    server.add(mail('meanwhile'));
    server.renumber();
    expect(await subjects(mailbox)).toEqual(['Mail meanwhile']);
  });

  it('goes on when messages were deleted, also the last one', async () => {
    server.add(mail(1));
    server.add(mail(2));
    const mailbox = watch();
    await mailbox.look();
    server.messages = [];
    expect(await subjects(mailbox)).toEqual([]);
    server.add(mail(3));
    expect(await subjects(mailbox)).toEqual(['Mail 3']);
  });

  it('passes a message that is too large on with its headers only', async () => {
    const mailbox = watch({ maxBytes: 2_000 });
    await mailbox.look();
    server.add(mail('large', 'x'.repeat(200_000)));
    const [found] = await mailbox.look();
    expect(found?.item).toMatchObject({ subject: 'Mail large', complete: false, text: null, attachments: [] });
  });

  it('opens the mailbox for reading only, one connection at a time, and leaves none behind', async () => {
    const mailbox = watch();
    for (let look = 0; look < 3; look++) {
      await mailbox.look();
      await expect.poll(() => server.connections.now).toBe(0);
    }
    expect(server.commands.some((command) => / EXAMINE /i.test(command))).toBe(true);
    expect(server.commands.some((command) => / (SELECT|STORE) /i.test(command))).toBe(false);
    expect(server.connections).toMatchObject({ most: 1 });
    await failure(watch({ mailbox: 'Nothing' }).look());
    await expect.poll(() => server.connections.now).toBe(0);
  });

  it('says what is wrong, without the password, and goes on afterwards', async () => {
    const mailbox = watch();
    await mailbox.look();
    const wrong = fakePollContext({ connection: connection({ password: 'another-password' }) });
    const refused = await failure(watch({}, wrong).look());
    expect(refused.code).toBe('imap.auth');
    expect(refused.message).not.toContain('another-password');
    expect((await failure(watch({ mailbox: 'Nothing' }).look())).code).toBe('imap.mailbox');
    const { messages, uidNext, port } = server;
    await server.close();
    expect((await failure(mailbox.look())).code).toBe('imap.network');
    server = await imapServer(port);
    Object.assign(server, { messages, uidNext });
    server.add(mail('later'));
    expect(await subjects(mailbox)).toEqual(['Mail later']);
  });

  it('sends the password to no other host, and not without TLS over a network', async () => {
    const bound = fakePollContext({ connection: { ...connection(), hosts: ['mail.test'] } });
    expect((await failure(watch({}, bound).look())).code).toBe('connection.host');
  });

  it('ends at once when it is told to', async () => {
    const stop = new AbortController();
    const ctx = fakePollContext({ connection: connection(), signal: stop.signal });
    const looking = watch({}, ctx).look();
    stop.abort(new Error('stopped'));
    await expect(looking).rejects.toThrow('stopped');
  });
});
