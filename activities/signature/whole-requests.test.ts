import { readFileSync } from 'node:fs';
import type { Context } from '@temporalio/activity';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { packProof } from '../../graph/start/packed-proof.ts';
import { CLAIM_HEADER } from '../../workflows/contract.ts';
import { wholeRequests } from './whole-requests.ts';

const PROOF = { digest: '0f'.repeat(32), mac: `${'A'.repeat(42)}E` };
const ID = 'a/pay/call/1';

const headersOf = (claim: unknown) => ({ [CLAIM_HEADER]: defaultPayloadConverter.toPayload(claim)! });

/** What an activity is called with. */
function called(info: Partial<Context['info']>, input: unknown, headers: Record<string, Payload> = {}) {
  const { inbound } = wholeRequests({
    info: { isLocal: false, workflowExecution: { workflowId: ID, runId: 'x' }, ...info },
  } as Context);
  return inbound!.execute!({ args: [input], headers }, async ({ args }) => args[0]);
}

describe('the request of a step', () => {
  it('that an earlier Blok has written is read as it is', async () => {
    const requests = recorded('kept-values.json').concat(recorded('retry.json'));
    expect(requests.length).toBeGreaterThan(3);
    for (const { input, ...info } of requests) {
      const claim = { workspace: 'default', workflow: 'w', runId: 'r', proof: PROOF };
      expect(await called(info, input)).toBe(input);
      expect(await called(info, input, headersOf(claim))).toBe(input);
    }
  });

  it('is the one that Temporal names, whatever it says itself', async () => {
    const info = { activityId: 'each[2].charge#3', activityType: 'stripe.charge@2' };
    const lies = { with: 1, step: 'other', workspace: 'b', workflow: 'w', runId: 'r', idempotencyKey: 'b/w/call/1/s' };
    expect(await called(info, lies, headersOf(packProof(PROOF, 'r1')))).toEqual({
      with: 1,
      step: 'each[2].charge',
      type: 'stripe.charge',
      version: '2',
      workspace: 'a',
      workflow: 'pay',
      runId: 'r1',
      idempotencyKey: `${ID}/each[2].charge`,
    });
  });

  it('of a chain names the run that the chain works for', async () => {
    const workflowExecution = { workflowId: `${ID}/each~0`, runId: 'x' };
    const info = { activityId: 'each[2].one', activityType: 'kv.set', workflowExecution };
    expect(await called(info, {}, headersOf(packProof(PROOF, 'r1')))).toMatchObject({
      runId: 'r1',
      idempotencyKey: `${ID}/each[2].one`,
    });
  });

  it('stays as it is where nobody is named: no run, no proof, a local activity, one that serves the interpreter', async () => {
    const info = { activityId: 's', activityType: 'kv.set' };
    const input = { with: 1 };
    const headers = headersOf(packProof(PROOF));
    const cases: [Partial<Context['info']>, Record<string, Payload>][] = [
      [{ ...info, workflowExecution: { workflowId: 'rogue', runId: 'x' } }, headers],
      [info, headersOf(new Uint8Array(63))],
      [{ ...info, isLocal: true }, headers],
      [{ ...info, activityType: 'blokStore' }, headers],
    ];
    for (const [given, sent] of cases) expect(await called(given, input, sent)).toBe(input);
  });
});

interface Scheduled {
  readonly activityId: string;
  readonly activityType: { readonly name: string };
  readonly input: { readonly payloads: readonly { readonly data: string }[] };
}

/** Steps of a recorded history. */
function recorded(name: string) {
  const file = new URL(`../../workflows/histories/${name}`, import.meta.url);
  const { events } = JSON.parse(readFileSync(file, 'utf8')) as {
    events: { activityTaskScheduledEventAttributes?: Scheduled }[];
  };
  return events
    .flatMap((event) => event.activityTaskScheduledEventAttributes ?? [])
    .map(({ activityId, activityType, input }) => ({
      activityId,
      activityType: activityType.name,
      input: JSON.parse(Buffer.from(input.payloads[0]!.data, 'base64').toString()) as unknown,
    }));
}
