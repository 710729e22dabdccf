/** What a run asks of a step is little in history, and whole where the step is carried out. */
import type { Context } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { beforeAll, describe, expect, it } from 'vitest';
import { belongs } from '../activities/signature/belongs.ts';
import { claimsOf } from '../activities/signature/claim.ts';
import { wholeRequests } from '../activities/signature/whole-requests.ts';
import { createSigner, parseKeyring, runIdOf, workflowIdOf } from '../db/index.ts';
import { catalogue } from '../integrations/describe.ts';
import { signed, startInputOf, TEST_KEY } from '../worker/testing/graph-worker.ts';
import { type EffectRequest, INTERPRETER_VERSION, type StartInput, workflowType } from './contract.ts';
import { payloadOf } from './testing/payload.ts';
import { openSandbox, type Sandbox, type WorkflowCommand } from './testing/sandbox.ts';

const { HistoryEvent } = proto.temporal.api.history.v1;
type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

const ID = workflowIdOf({ workspace: 'default', workflow: 'asks', trigger: null, key: 'k' });
const NOW = Date.UTC(2030, 0, 1);
const STEP = 'step: { uses: kv.set, with: { key: k, value: 1 } }';

/**
 * Most bytes of the event that a step writes when it is scheduled. Written by hand it is about 150; the rest is proof
 * (64 bytes and their names), the label, and the names of parameters.
 */
const MOST_BYTES = 360;

describe('what a run asks of a step', () => {
  let sandbox: Sandbox;
  let executions = 0;
  beforeAll(async () => {
    sandbox = await openSandbox();
  }, 120_000);

  /** The events by which the first steps of a run are scheduled, as a server stores them. */
  async function scheduled(nodes: string, change: Partial<StartInput> = {}, id = ID): Promise<HistoryEvent[]> {
    const text = `blok: 1\nname: asks\nnodes:\n  ${nodes}`;
    const input = { ...startInputOf(text, catalogue(), { runId: runIdOf(id) }), ...change };
    const run = await sandbox({
      workflowId: id,
      runId: `asks-${++executions}`,
      workflowType: workflowType('asks'),
      arguments: [payloadOf(signed(input, id))],
      now: NOW,
    });
    const commands = await run.activate([], NOW, false);
    await run.dispose();
    return commands.filter(({ scheduleActivity }) => scheduleActivity).map(stored);
  }

  const sizeOf = (event: HistoryEvent): number => HistoryEvent.encode(event).finish().length;

  it(`takes at most ${MOST_BYTES} bytes of history`, async () => {
    const [short] = await scheduled(STEP);
    expect(sizeOf(short!)).toBeLessThanOrEqual(MOST_BYTES);
    const [whole] = await scheduled(STEP, { interpreterVersion: 5 });
    expect(sizeOf(whole!)).toBeGreaterThan(sizeOf(short!) + 250);
  });

  it.each<[string, string]>([
    ['a step', STEP],
    ['a label', 'step: { uses: kv.set, label: Keep it, with: { key: k, value: 1 } }'],
    ['rules of its own', 'step: { uses: kv.set, with: { key: k, value: 1 }, retry: { giveUpOn: [http.402] } }'],
    ['an item', 'e: { uses: forEach, with: { items: [1] }, nodes: { i: { uses: kv.get, with: { key: k } } } }'],
  ])('is whole for the activity, as it was before it was short: %s', async (_kind, nodes) => {
    const [short] = await scheduled(nodes);
    const [whole] = await scheduled(nodes, { interpreterVersion: 5 });
    const read = await readBy(short!);
    const before = await readBy(whole!);
    expect(given(whole!)).toEqual(before);
    expect(given(short!)).not.toHaveProperty('runId');
    expect(read).toEqual({ ...before, version: String(Number.parseInt(before.version, 10)) });
    expect(before.idempotencyKey).toBe(`${ID}/${before.step}`);
  });

  it('proves whose it is as well as before', async () => {
    const signer = createSigner(parseKeyring(TEST_KEY));
    const stranger = createSigner(parseKeyring(Buffer.alloc(32, 8).toString('base64')));
    const versions = [5, INTERPRETER_VERSION];
    for (const interpreterVersion of versions) {
      const [event] = await scheduled(STEP, { interpreterVersion });
      const { short, whole } = claimsOf(infoOf(event!), headerOf(event!));
      const claim = (short ?? whole)!;
      expect(short === undefined).toBe(interpreterVersion === 5);
      expect(signer.verify(claim, ID)).toBe(true);
      expect(stranger.verify(claim, ID)).toBe(false);
      expect(belongs('kv.set', await readBy(event!), claim, ID)).toBe(true);
      // Taken to another workflow, it is no proof: the names are those of that workflow.
      const other = claimsOf(infoOf(event!, ID.replace('asks', 'other')), headerOf(event!));
      const stolen = (other.short ?? other.whole)!;
      expect(signer.verify(stolen, ID.replace('asks', 'other'))).toBe(false);
    }
  });

  it('names a run whose workflow id does not tell its id', async () => {
    const [event] = await scheduled(STEP, { runId: 'r1' });
    expect(await readBy(event!)).toMatchObject({ runId: 'r1', idempotencyKey: `${ID}/step` });
  });

  it('is whole in history if nobody has signed the run, or not as Blok signs', async () => {
    const id = `${ID}x`;
    const input = startInputOf(`blok: 1\nname: asks\nnodes:\n  ${STEP}`, catalogue(), { runId: 'r1' });
    const proof = { ...signed(input, id).proof!, mac: 'AAAA' };
    for (const start of [input, { ...input, proof }]) {
      const run = await sandbox({
        workflowId: id,
        runId: `asks-${++executions}`,
        workflowType: workflowType('asks'),
        arguments: [payloadOf(start)],
        now: NOW,
      });
      const [command] = await run.activate([], NOW, false);
      await run.dispose();
      expect(given(stored(command!))).toMatchObject({ workspace: 'default', runId: 'r1', step: 'step' });
    }
  });
});

/** The event that a server stores for a command, as it is read from there. */
function stored({ scheduleActivity, userMetadata }: WorkflowCommand): HistoryEvent {
  const { activityId, activityType, taskQueue, headers, arguments: payloads, ...more } = scheduleActivity!;
  const { scheduleToCloseTimeout, startToCloseTimeout, heartbeatTimeout, retryPolicy, priority } = more;
  const activityTaskScheduledEventAttributes = {
    ...{ activityId, activityType: { name: activityType }, taskQueue: { name: taskQueue } },
    ...{ header: { fields: headers }, input: { payloads }, workflowTaskCompletedEventId: 4 },
    ...{ scheduleToCloseTimeout, startToCloseTimeout, heartbeatTimeout, retryPolicy, priority },
  };
  const event = { eventId: 5, eventTime: { seconds: NOW / 1_000, nanos: 1 }, eventType: 10, taskId: 1_048_576 };
  return HistoryEvent.decode(
    HistoryEvent.encode({ ...event, userMetadata, activityTaskScheduledEventAttributes } as never).finish(),
  );
}

const attributesOf = (event: HistoryEvent) => event.activityTaskScheduledEventAttributes!;

const headerOf = (event: HistoryEvent) => attributesOf(event).header?.fields ?? {};

const given = (event: HistoryEvent): EffectRequest =>
  defaultPayloadConverter.fromPayload(attributesOf(event).input!.payloads![0]!);

const infoOf = (event: HistoryEvent, workflowId = ID): Context['info'] =>
  ({
    activityId: attributesOf(event).activityId,
    activityType: attributesOf(event).activityType!.name,
    isLocal: false,
    workflowExecution: { workflowId, runId: 'x' },
  }) as Context['info'];

/** What the activity is called with. */
async function readBy(event: HistoryEvent): Promise<EffectRequest> {
  const { inbound } = wholeRequests({ info: infoOf(event) } as Context);
  const call = { args: [given(event)], headers: headerOf(event) };
  return (await inbound!.execute!(call, async ({ args }) => args[0])) as EffectRequest;
}
