import { describe, expect, it } from 'vitest';
import type { Answers, Seen } from './testing/fake-api.ts';
import { cli } from './testing/harness.ts';

const GRAPH = `blok: 1
name: pays
nodes:
  first:
    uses: solana.transferSol
    connection: purse
    with: { to: FdqrmUNmELRxJEqjPChi3Z412d4KiXf9UvzzG7tPKqM5, amount: "0.25" }
  second:
    uses: solana.transferToken
    needs: [first]
    connection: purse
    with:
      to: "\${{ nodes.first.to }}"
      mint: So11111111111111111111111111111111111111112
      amount: "2"
output: ["\${{ nodes.first.amount }}", "\${{ nodes.second.amount }}"]
`;

const amount = (text: string) => ({ raw: '0', decimals: 9, text });
const COSTS = {
  fee: amount('0.000005'),
  rent: amount('0'),
  receipt: amount('0.00089088'),
  total: amount('0.00089588'),
};

interface Asked {
  readonly graph: string;
  readonly input: {
    readonly to: string;
    readonly asset: string;
    readonly amount: string;
    readonly before: readonly object[];
  };
}

/** Blok, which looks payments up. */
const looking = (change: (asked: Asked['input']) => object = () => ({})): Answers => ({
  'POST /api/runs': ({ body }: Seen) => {
    const { input } = body as Asked;
    const preview = {
      ...{ from: 'W', to: input.to, asset: input.asset, amount: input.amount, raw: '1' },
      ...{ recipient: { kind: 'new', owner: null, holds: amount('0') }, costs: COSTS, refusal: null },
      ...change(input),
    };
    return { body: { id: 'r1', status: 'succeeded', output: preview, error: null, steps: [], waits: [] } };
  },
});

const dry = (answers: Answers, ...more: string[]) =>
  cli(['run', '--dry', 'pays.yaml', ...more], { files: { 'pays.yaml': GRAPH }, answers });

describe('blok run --dry of a graph that pays', () => {
  it('shows fee, rent and kind of recipient of each payment, and needs no pins for them', async () => {
    const result = await dry(looking());
    expect(result).toMatchObject({ code: 0, out: JSON.stringify(['0.25', '2'], null, 2) });
    expect(result.err).toContain('first would pay 0.25 SOL from purse to FdqrmUNmELRxJEqjPChi3Z412d4KiXf9UvzzG7tPKqM5');
    expect(result.err).toContain('recipient: nobody has used it on this chain, holds 0 SOL');
    expect(result.err).toContain('costs 0.00089588 SOL: fee 0.000005, rent 0, receipt 0.00089088');
    expect(result.err).toContain('second would pay 2 So11111111111111111111111111111111111111112');
    const graphs = result.seen.map(({ body }) => JSON.parse((body as Asked).graph));
    expect(graphs.map(({ nodes }) => [nodes.payment.uses, nodes.payment.connection])).toEqual([
      ['solana.previewPayment', 'purse'],
      ['solana.previewPayment', 'purse'],
    ]);
  });

  it('counts what the run would have paid before from the same wallet, and what was refused not', async () => {
    const result = await dry(looking());
    const first = { to: 'FdqrmUNmELRxJEqjPChi3Z412d4KiXf9UvzzG7tPKqM5', asset: 'SOL', amount: '0.25' };
    const made = { ...first, costs: COSTS.total.text };
    expect(result.seen.map(({ body }) => (body as Asked).input.before)).toEqual([[], [made]]);
    const refusal = { code: 'payment.limit', message: 'Above the limit in 24 hours.' };
    const pins = ['--pin', `first=${JSON.stringify({ ...first, amount: '0.25' })}`, '--pin', 'second={"amount":"2"}'];
    const refused = await dry(
      looking(({ asset }) => (asset === 'SOL' ? { refusal } : {})),
      ...pins,
    );
    expect(refused.seen.map(({ body }) => (body as Asked).input.before)).toEqual([[], []]);
    expect(refused.err).toContain('the wallet would refuse it: payment.limit: Above the limit in 24 hours.');
  });

  it('fails a payment that the wallet would refuse, as it would', async () => {
    const refusal = { code: 'solana.policy', message: 'Too much.' };
    const result = await dry(
      looking(() => ({ refusal })),
      '--json',
    );
    expect(result.code).toBe(1);
    expect(JSON.parse(result.out)).toMatchObject({
      error: { code: 'solana.policy', step: 'first' },
      payments: [{ step: 'first', preview: { refusal } }],
    });
    expect(result.seen).toHaveLength(1);
  });

  it('takes pins first, and shows the payments all the same', async () => {
    const pins = [
      '--pin',
      'first={"amount":"1","to":"5Jd1dCkfqCkFX45MN3A3gBFyDZ7XcutEvpTjWe4VHG2n"}',
      '--pin',
      'second={"amount":"3"}',
    ];
    const result = await dry(looking(), ...pins);
    expect(JSON.parse(result.out)).toEqual(['1', '3']);
    expect(result.err).toContain('second would pay 2 So11111111111111111111111111111111111111112 from purse to 5Jd1');
    expect((await dry(looking(), ...pins, '--fail', 'first=solana.failed')).seen).toEqual([]);
  });

  it('never reads a text of a payment as an expression', async () => {
    const result = await dry(looking(), '--pin', 'first={"amount":"1","to":"${{ input }}"}', '--pin', 'second={}');
    for (const { body } of result.seen) expect((body as Asked).graph).not.toContain('${{ input }}');
  });

  it('shows what a call of a program would take, and counts it for what comes after', async () => {
    const graph = `blok: 1
name: calls
nodes:
  call:
    uses: solana.callProgram
    connection: purse
    with: { program: MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr, data: aGVsbG8=, payOnce: once }
  pay:
    uses: solana.transferSol
    needs: [call]
    connection: purse
    with: { to: FdqrmUNmELRxJEqjPChi3Z412d4KiXf9UvzzG7tPKqM5, amount: "0.25" }
output: "\${{ nodes.call.program }}"
`;
    const program = 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr';
    const takes = [
      { ...amount('0.2'), asset: 'SOL' },
      { ...amount('3'), asset: 'So11111111111111111111111111111111111111112' },
    ];
    const about = (input: object) => ('program' in input ? { program, takes } : {});
    const setting = { files: { 'calls.yaml': graph }, answers: looking(about) };
    const result = await cli(['run', '--dry', 'calls.yaml'], setting);
    expect(result).toMatchObject({ code: 0, out: expect.stringContaining(program) });
    expect(result.err).toContain(`call would call the program ${program} with purse`);
    expect(result.err).toContain('takes 0.2 SOL, 3 So11111111111111111111111111111111111111112 besides');
    const [first, second] = result.seen.map(({ body }) => body as Asked);
    expect(JSON.parse(first!.graph).nodes.payment.uses).toBe('solana.previewCall');
    expect(first!.input).not.toHaveProperty('payOnce');
    expect(second!.input.before).toEqual([
      { to: program, asset: 'SOL', amount: '0.2', costs: COSTS.total.text },
      { to: program, asset: 'So11111111111111111111111111111111111111112', amount: '3' },
    ]);
  });

  it('says how many payments there are behind the first twenty', async () => {
    const graph = `blok: 1
name: pays-many
nodes:
  all:
    uses: forEach
    with: { items: "\${{ input }}" }
    nodes:
      pay:
        uses: solana.transferSol
        connection: purse
        with: { to: FdqrmUNmELRxJEqjPChi3Z412d4KiXf9UvzzG7tPKqM5, amount: "0.25" }
`;
    const result = await cli(
      ['run', '--dry', 'many.yaml', '--input', JSON.stringify(Array(22).fill(1)), '--pin', 'pay={}'],
      { files: { 'many.yaml': graph }, answers: looking() },
    );
    expect(result.err).toContain('further payments and calls, of which nothing is known here: 2');
    expect(result.seen).toHaveLength(20);
  });

  it('says what it does not know when no Blok answers, and asks once', async () => {
    const pinned = [
      '--pin',
      'first={"amount":"1","to":"5Jd1dCkfqCkFX45MN3A3gBFyDZ7XcutEvpTjWe4VHG2n"}',
      '--pin',
      'second={"amount":"3"}',
    ];
    const setting = { files: { 'pays.yaml': GRAPH }, baseUrl: 'http://127.0.0.1:9' };
    const result = await cli(['run', '--dry', 'pays.yaml', ...pinned], setting);
    expect(result.code).toBe(0);
    expect(result.err).toContain('Fee, rent and kind of recipient are not known, because no Blok answers');
    const unpinned = await cli(['run', '--dry', 'pays.yaml'], setting);
    expect(unpinned).toMatchObject({ code: 1 });
    expect(unpinned.err).toContain('pin.missing at first');
  });

  it('says why one payment cannot be looked up', async () => {
    const failed = { code: 'connection.notFound', message: 'There is no connection "purse".' };
    const answers = {
      'POST /api/runs': [{ body: { id: 'r1', status: 'failed', output: null, error: failed, steps: [], waits: [] } }],
    };
    const result = await dry(answers, '--pin', 'first={"amount":"1","to":"a"}', '--fail', 'second=x');
    expect(result.err).toContain('not known: There is no connection "purse".');
  });
});
