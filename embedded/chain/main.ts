/** The playground's chain, as a process of its own: whatever else is killed, its ledger stays. */
import { createRequire } from 'node:module';
import { startDoor } from '../process/door.ts';
import { LAMPORTS, PLAY_WALLETS } from './play-money.ts';

/** What we use of the module. */
interface Surfpool {
  readonly Surfnet: {
    startWithConfig(config: {
      readonly offline: boolean;
      readonly slotTimeMs: number;
      readonly blockProductionMode: 'clock';
    }): Surfnet;
  };
}

interface Surfnet {
  readonly rpcUrl: string;
  readonly wsUrl: string;
  fundSol(address: string, lamports: number): void;
  drainEvents(): unknown;
  stop(): void;
}

/** Time between two blocks: a payment is final after thirty-two of them. */
const SLOT_MS = 50;

const { CHAIN_PORT, CHAIN_MODULE = '' } = process.env;
const { Surfnet } = createRequire(import.meta.url)(CHAIN_MODULE) as Surfpool;
const chain = Surfnet.startWithConfig({ offline: true, slotTimeMs: SLOT_MS, blockProductionMode: 'clock' });
for (const { address, sol } of PLAY_WALLETS) chain.fundSol(address, sol * LAMPORTS);
// The module keeps its events until they are taken, and stands still after about a thousand blocks if nobody does.
setInterval(() => chain.drainEvents(), SLOT_MS);

const addressOf = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
await startDoor({
  port: Number(CHAIN_PORT),
  behind: addressOf(chain.rpcUrl),
  sockets: addressOf(chain.wsUrl),
  refused: {
    host: "The playground's chain answers programs of this machine, at 127.0.0.1.",
    origin: "The page of another site may not use the playground's chain.",
  },
  silent: "The playground's chain does not answer.",
});

const stop = () => {
  chain.stop();
  process.exit(0);
};
process.once('SIGTERM', stop);
// When the supervisor has ended, for whatever reason, this process ends, too.
process.once('disconnect', stop);
