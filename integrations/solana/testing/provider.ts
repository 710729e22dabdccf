import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TOKEN_PROGRAMS } from '../chain/programs.ts';
import { toBase58 } from '../notation/base58.ts';
import type { TestChain } from './chain.ts';
import { answer, holdings, RpcError } from './methods.ts';

/** How a provider misbehaves. Everything may be changed at any time. */
export interface Lies {
  /** What becomes of bytes that are handed over. Default: they land. */
  send: 'land' | 'lose' | 'twice' | 'late' | 'afterExpiry' | 'breakAfter';
  /** It knows no signature. */
  nullStatus: boolean;
  /** It says of each signature that its transaction failed for good. */
  failedStatus: boolean;
  /** It says of each signature that its transaction was confirmed, and never that it is final. */
  confirmedStatus: boolean;
  /** What it says that others paid for a unit of work. */
  prices: readonly number[];
  /** It says of each transaction that it would change nothing. */
  harmless: boolean;
  /** It says of each mint that it has so many decimals more. */
  moreDecimals: number;
  /** It shows no account to whoever asks for a slot, as a node that is behind and does not know the question. */
  oldAccounts: boolean;
  /** Its height stands still here; null: it tells the truth. */
  staleHeight: number | null;
  /** It gives out blockhashes that no chain knows. */
  wrongBlockhash: boolean;
  /** It says that its blockhashes live for a shorter time than they do. */
  shortHorizon: boolean;
  /** How many blocks it is behind. */
  lag: number;
  /** Answers with this status of HTTP instead. */
  http: number | null;
  /** Answers with an error of JSON-RPC of this code instead. */
  refuses: number | null;
  /** Answers with this text instead. */
  says: string | null;
  /** Hears nobody. */
  down: boolean;
}

/** A provider that is honest. */
export const HONEST: Lies = {
  send: 'land',
  nullStatus: false,
  failedStatus: false,
  confirmedStatus: false,
  ...{ prices: [], harmless: false, moreDecimals: 0, oldAccounts: false },
  staleHeight: null,
  wrongBlockhash: false,
  shortHorizon: false,
  lag: 0,
  ...{ http: null, refuses: null, says: null },
  down: false,
};

/** A provider on a chain. */
export interface TestProvider {
  readonly url: string;
  readonly lies: Lies;
  /** Bytes that were handed over, by how often. */
  readonly received: Map<string, number>;
  /** Methods that were called, in order. */
  readonly calls: string[];
  /** Token accounts that it finds by their owners. */
  readonly tokenAccounts: Set<string>;
  close(): Promise<void>;
}

/**
 * Starts a provider: a JSON-RPC server on a chain. Each look at how far the chain is moves the chain on, so that nothing
 * waits for a clock.
 *
 * @param blocksPerLook how many blocks each such look makes; less than one where many look at once
 */
export async function startProvider(chain: TestChain, { blocksPerLook = 4 } = {}): Promise<TestProvider> {
  const lies: Lies = { ...HONEST };
  const received = new Map<string, number>();
  const calls: string[] = [];
  const tokenAccounts = new Set<string>();

  const deliver = (wire: Uint8Array): void => {
    const key = toBase58(wire.subarray(1, 65));
    received.set(key, (received.get(key) ?? 0) + 1);
    if (lies.send === 'lose') return;
    if (lies.send === 'late') return void setTimeout(() => chain.take(wire), 20);
    if (lies.send === 'afterExpiry') return void held.push({ wire, at: chain.tip().height + 400 });
    for (let times = lies.send === 'twice' ? 2 : 1; times > 0; times -= 1) chain.take(wire);
  };
  const held: { wire: Uint8Array; at: number }[] = [];
  let blocks = 0;
  const move = (): void => {
    blocks += blocksPerLook;
    chain.advance(Math.floor(blocks));
    blocks %= 1;
    for (const one of held.splice(0)) {
      if (chain.tip().height < one.at) held.push(one);
      else chain.take(one.wire);
    }
  };

  const reply = (method: string, params: readonly unknown[]): unknown => {
    if (method === 'sendTransaction') {
      const wire = Buffer.from(params[0] as string, 'base64');
      deliver(wire);
      if (lies.send === 'breakAfter') throw new RpcError(-32_603, 'Internal error');
      return toBase58(wire.subarray(1, 65));
    }
    if (method === 'requestAirdrop') {
      chain.svm.fund(params[0] as string, BigInt(params[1] as number));
      return toBase58(Buffer.alloc(64, 7));
    }
    if (method === 'getTokenAccountsByOwner') {
      const [owner, { programId, mint }] = params as [string, { programId?: string; mint?: string }];
      const value = TOKEN_PROGRAMS.filter((one) => programId === undefined || one === programId)
        .flatMap((program) => holdings(chain, owner, program, tokenAccounts))
        .filter(({ account }) => mint === undefined || account.data.parsed.info.mint === mint);
      return { context: { slot: chain.tip().slot - lies.lag }, value };
    }
    if (method === 'getRecentPrioritizationFees')
      return lies.prices.map((prioritizationFee, slot) => ({ slot, prioritizationFee }));
    if (method === 'getEpochInfo') move();
    if (method === 'getMultipleAccounts' && lies.oldAccounts && 'minContextSlot' in (params[1] as object))
      return { context: { slot: 1 }, value: (params[0] as string[]).map(() => null) };
    const told = bend(method, answer(chain, { lag: lies.lag }, method, params));
    if (method === 'simulateTransaction' && lies.harmless) {
      const { value } = told as { value: object };
      const { addresses } = (params[1] as { accounts: { addresses: string[] } }).accounts;
      const { context, value: accounts } = answer(chain, { lag: lies.lag }, 'getMultipleAccounts', [addresses, {}]) as {
        context: object;
        value: unknown;
      };
      return { context, value: { ...value, accounts } };
    }
    return told;
  };

  const bend = (method: string, told: unknown): unknown => {
    if (method === 'getSignatureStatuses' && (lies.nullStatus || lies.failedStatus || lies.confirmedStatus)) {
      const { context, value } = told as { context: { slot: number }; value: unknown[] };
      const failure = { slot: context.slot, err: 'AccountInUse', confirmationStatus: 'finalized' };
      const confirmed = { slot: context.slot, err: null, confirmationStatus: 'confirmed' };
      const said = lies.failedStatus ? failure : confirmed;
      return { context, value: value.map(() => (lies.nullStatus ? null : said)) };
    }
    if (method === 'getEpochInfo' && lies.staleHeight !== null)
      return { ...(told as object), blockHeight: lies.staleHeight };
    if (method === 'getMultipleAccounts' && lies.moreDecimals > 0)
      return withDecimals(told as never, lies.moreDecimals);
    if (method !== 'getLatestBlockhash') return told;
    const { context, value } = told as { context: unknown; value: { blockhash: string; lastValidBlockHeight: number } };
    const blockhash = lies.wrongBlockhash ? toBase58(Buffer.alloc(32, 9)) : value.blockhash;
    const lastValidBlockHeight = value.lastValidBlockHeight - (lies.shortHorizon ? 140 : 0);
    return { context, value: { blockhash, lastValidBlockHeight } };
  };

  const server = createServer(async (request, response) => {
    if (lies.down) return void request.socket.destroy();
    const { id, method, params } = JSON.parse(await bodyOf(request)) as {
      id: number;
      method: string;
      params: unknown[];
    };
    calls.push(method);
    if (lies.http !== null) {
      response.writeHead(lies.http, { 'retry-after': '1' }).end('no');
      return;
    }
    if (lies.says !== null) return void response.writeHead(200, { 'content-type': 'text/html' }).end(lies.says);
    response.setHeader('content-type', 'application/json');
    try {
      if (lies.refuses !== null) throw new RpcError(lies.refuses, 'refused');
      response.end(written({ jsonrpc: '2.0', id, result: reply(method, params) }));
    } catch (error) {
      const { code = -32_603, message } = error as RpcError;
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    ...{ lies, received, calls, tokenAccounts },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** An answer about accounts, in which each mint has more decimals. */
function withDecimals(told: { context: object; value: ({ data: [string, string] } | null)[] }, more: number): unknown {
  const value = told.value.map((account) => {
    const data = Buffer.from(account?.data[0] ?? '', 'base64');
    if (!account || data.length !== 82) return account;
    data.writeUInt8(data.readUInt8(44) + more, 44);
    return { ...account, data: [data.toString('base64'), 'base64'] };
  });
  return { ...told, value };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** JSON in which `{ exact: bigint }` is a number with every digit. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one?.exact === 'bigint' ? `#${one.exact}#` : one)).replaceAll(
    /"#(\d+)#"/g,
    '$1',
  );
