import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { getConnection, openGrant } from '../db/index.ts';
import { failure } from '../integrations/testing/run-node.ts';
import { createCredentials, keepAccess, reconnect } from './index.ts';
import { KEYRING, useCredentials } from './testing/world.ts';

const world = useCredentials();
const refreshes = () => world.server().asked.filter(({ grant_type }) => grant_type === 'refresh_token');
const stateOf = async (name: string) => (await world.store.inside((tx) => getConnection(tx, { name })))!.grant!;

beforeEach(() => {
  const server = world.server();
  server.asked.length = 0;
  server.faults.length = 0;
  server.grace = 0;
  server.life = 3_600;
});

describe('a token', () => {
  it('is used until shortly before it ends, and is then replaced', async () => {
    await world.put('one');
    const deps = world.process();
    await world.connect(deps, 'one');
    const credentials = createCredentials(deps);
    const first = await credentials.open(world.at('one'));
    expect(first.data).toMatchObject({ accessToken: expect.stringContaining('CANARY-access-'), clientId: 'blok' });
    expect(await credentials.open(world.at('one'))).toMatchObject({ data: first.data });
    expect(refreshes()).toEqual([]);
    world.pass(3_600 - 200);
    const second = await credentials.open(world.at('one'));
    expect(second.data.accessToken).not.toBe(first.data.accessToken);
    expect(refreshes()).toHaveLength(1);
  });

  it('comes without the refresh token and the secret of the client', async () => {
    const opened = await world.credentials().open(world.at('one'));
    expect(JSON.stringify(opened)).not.toMatch(/CANARY-refresh|CANARY-client/);
  });

  it('is asked for once, however many steps of however many processes need it', async () => {
    await world.put('many');
    const processes = [world.process(), world.process(), world.process(), world.process()];
    await world.connect(processes[0]!, 'many');
    world.pass(3_600);
    const all = processes.map((deps) => createCredentials(deps));
    const opened = await Promise.all(
      Array.from({ length: 80 }, (_, index) => all[index % all.length]!.open(world.at('many'))),
    );
    expect(new Set(opened.map(({ data }) => data.accessToken)).size).toBe(1);
    expect(refreshes()).toHaveLength(1);
  });

  it('that its service refuses is replaced once, and only if nobody has replaced it yet', async () => {
    await world.put('refused');
    const processes = [world.process(), world.process()];
    await world.connect(processes[0]!, 'refused');
    const old = await Promise.all(processes.map((deps) => createCredentials(deps).open(world.at('refused'))));
    const renewed = await Promise.all(old.flatMap(({ renew }) => [renew!(), renew!(), renew!()]));
    expect(new Set(renewed.map(({ data }) => data.accessToken)).size).toBe(1);
    expect(renewed[0]!.data.accessToken).not.toBe(old[0]!.data.accessToken);
    expect(refreshes()).toHaveLength(1);
    // Whoever still holds the old one gets the stored one.
    expect((await old[0]!.renew!()).data).toEqual(renewed[0]!.data);
    expect(refreshes()).toHaveLength(1);
  });
});

describe('a renewal', () => {
  it('whose answer is lost is asked once more at once, with the same refresh token', async () => {
    await world.put('lost');
    const deps = world.process();
    await world.connect(deps, 'lost');
    world.pass(3_600);
    Object.assign(world.server(), { grace: 1 });
    world.server().faults.push('lost');
    const { data } = await createCredentials(deps).open(world.at('lost'));
    expect(world.server().accepted).toContain(data.accessToken);
    const [first, second, ...rest] = refreshes();
    expect([first!.refresh_token, rest]).toEqual([second!.refresh_token, []]);
    expect(await stateOf('lost')).toMatchObject({ state: 'ok', error: null });
  });

  it('that the service takes for theft ends in `reconnect`, and is not tried again', async () => {
    await world.put('theft');
    const deps = world.process();
    await world.connect(deps, 'theft');
    world.pass(3_600);
    world.server().faults.push('lost');
    const credentials = createCredentials(deps);
    const error = await failure(credentials.open(world.at('theft')));
    expect(error).toMatchObject({ code: 'connection.expired', retryable: false });
    expect(error.message).toContain('npx blok connection connect theft');
    expect(error.message).not.toContain('CANARY');
    expect(await stateOf('theft')).toMatchObject({ state: 'reconnect' });
    const before = world.server().asked.length;
    expect(await failure(credentials.open(world.at('theft')))).toMatchObject({ code: 'connection.expired' });
    expect(await failure(world.credentials().open(world.at('theft')))).toMatchObject({ code: 'connection.expired' });
    expect(world.server().asked).toHaveLength(before);
    await world.connect(deps, 'theft');
    expect((await credentials.open(world.at('theft'))).data.accessToken).toBeDefined();
  });

  it('of a revoked access says who must do what; all who waited are told', async () => {
    await world.put('revoked');
    const processes = [world.process(), world.process()];
    await world.connect(processes[0]!, 'revoked');
    world.pass(3_600);
    world.server().faults.push('revoked');
    const all = processes.map((deps) => createCredentials(deps));
    const errors = await Promise.all(
      Array.from({ length: 20 }, (_, index) => failure(all[index % 2]!.open(world.at('revoked')))),
    );
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['connection.expired']));
    expect(refreshes()).toHaveLength(1);
  });

  it('that fails for a while uses the token as long as it is good, and then fails so that it is tried again', async () => {
    await world.put('away');
    const deps = world.process();
    await world.connect(deps, 'away');
    const credentials = createCredentials(deps);
    const { data } = await credentials.open(world.at('away'));
    world.pass(3_600 - 100);
    world.server().faults.push('unavailable');
    expect((await credentials.open(world.at('away'))).data).toEqual(data);
    expect((await stateOf('away')).error).toContain('503');
    world.pass(200);
    world.server().faults.push('unavailable');
    expect(await failure(credentials.open(world.at('away')))).toMatchObject({
      code: 'connection.refresh',
      retryable: true,
    });
    expect((await credentials.open(world.at('away'))).data).not.toEqual(data);
    expect(await stateOf('away')).toMatchObject({ state: 'ok', error: null });
  });

  it('that the service refuses to the client is not retried; another secret mends it without connecting again', async () => {
    await world.put('client');
    const deps = world.process();
    await world.connect(deps, 'client');
    world.pass(3_600);
    world.server().faults.push('client');
    const credentials = createCredentials(deps);
    const error = await failure(credentials.open(world.at('client')));
    expect(error).toMatchObject({ code: 'connection.refresh', retryable: false });
    expect(error.message).not.toContain('CANARY');
    await world.put('client', { clientSecret: 'CANARY-rotated-secret' });
    expect(await stateOf('client')).toMatchObject({ state: 'ok', error: null });
    expect((await credentials.open(world.at('client'))).data.accessToken).toBeDefined();
  });

  it('by a process that was killed meanwhile is done by another when its lease has ended', async () => {
    await world.put('killed');
    const deps = world.process();
    await world.connect(deps, 'killed');
    world.pass(3_600);
    await world.store.inside((tx) =>
      tx.db.execute(
        `update oauth_grant set lease = 'dead', lease_until = now() + interval '1 second' where connection = 'killed'`,
      ),
    );
    expect((await createCredentials(deps).open(world.at('killed'))).data.accessToken).toBeDefined();
    expect(refreshes()).toHaveLength(1);
  });
});

describe('tokens', () => {
  it('belong to hosts and addresses: a connection that was changed has none', async () => {
    await world.put('moved');
    const deps = world.process();
    await world.connect(deps, 'moved');
    await world.put('moved', {}, ['evil.example']);
    const opened = await world.store.inside((tx) => openGrant(tx, { connection: 'moved', keyring: KEYRING }));
    expect(opened!.tokens).toBeNull();
    expect(await failure(createCredentials(deps).open(world.at('moved')))).toMatchObject({
      code: 'connection.expired',
    });
  });

  it('stand in no column as text', async () => {
    const { rows } = await world.store.inside((tx) =>
      tx.db.execute<{ c: string }>(
        'select g::text as c from oauth_grant g union all select v::text from oauth_visit v',
      ),
    );
    const dump = rows.map(({ c }) => c).join('\n');
    expect(dump).toContain('killed');
    for (const form of ['CANARY', Buffer.from('CANARY').toString('hex')]) expect(dump).not.toContain(form);
  });

  it('are minted once for all, by the secret of the client', async () => {
    await world.put('machine', { grant: 'client_credentials' });
    const all = [world.credentials(), world.credentials()];
    const opened = await Promise.all(
      Array.from({ length: 20 }, (_, index) => all[index % 2]!.open(world.at('machine'))),
    );
    expect(new Set(opened.map(({ data }) => data.accessToken)).size).toBe(1);
    expect(world.server().asked.map(({ grant_type }) => grant_type)).toEqual(['client_credentials']);
    world.pass(3_600);
    await all[0]!.open(world.at('machine'));
    expect(world.server().asked).toHaveLength(2);
  });

  it('of a client that was refused are asked for again when its owner says so', async () => {
    await world.put('service', { grant: 'client_credentials' });
    world.server().faults.push('revoked');
    const deps = world.process();
    const credentials = createCredentials(deps);
    expect(await failure(credentials.open(world.at('service')))).toMatchObject({ code: 'connection.expired' });
    expect(await reconnect(deps, credentials, world.at('service'))).toBe(true);
    expect(await stateOf('service')).toMatchObject({ state: 'ok' });
  });
});

describe('a connection that nobody uses', () => {
  const idle = (name: string) =>
    world.store.inside((tx) =>
      tx.db.execute(sql`update oauth_grant set connected_at = now() - interval '8 days', refreshed_at = null
        where connection = ${name}`),
    );

  it('has its tokens renewed once a week, once for all processes, and says if that fails', async () => {
    await world.put('quiet');
    const deps = world.process();
    await world.connect(deps, 'quiet');
    const keep = (process = deps) => keepAccess(process, { workspace: 'a' });
    expect(await keep()).toEqual([]);
    expect(refreshes()).toEqual([]);

    await idle('quiet');
    expect(await Promise.all([keep(), keep(world.process()), keep(world.process())])).toEqual([[], [], []]);
    expect(await keep()).toEqual([]);
    expect(refreshes()).toHaveLength(1);

    // Those that cannot be renewed are found each time, and come first by name.
    await world.store.inside((tx) =>
      tx.db.execute(sql`with more as (insert into connection
        select (jsonb_populate_record(c, jsonb_build_object('name', 'a' || n))).* from connection as c, generate_series(1, 150) as n
        where name = 'quiet' returning name)
        insert into oauth_grant select (jsonb_populate_record(g, jsonb_build_object('connection', more.name))).*
        from oauth_grant as g, more where g.connection = 'quiet'`),
    );
    await world.store.inside((tx) =>
      tx.db.execute(sql`update oauth_grant set connected_at = now() - interval '9 days', refreshed_at = null
        where connection = 'quiet' or connection ~ '^a[0-9]+$'`),
    );
    expect(await keep()).toHaveLength(150);
    expect(refreshes()).toHaveLength(2);
    await world.store.inside((tx) => tx.db.execute(sql`delete from connection where name ~ '^a[0-9]+$'`));

    await idle('quiet');
    world.server().faults.push('revoked');
    expect(await keep()).toEqual([{ name: 'quiet', reason: expect.stringContaining('quiet') }]);
    expect(await stateOf('quiet')).toMatchObject({ state: 'reconnect' });
    expect(await keep()).toEqual([]);
  });
});
