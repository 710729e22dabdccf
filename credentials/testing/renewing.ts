/** A process that opens a connection, and may be killed while it asks for the next token. It tells its parent the token. */
import { openDatabase } from '../../db/index.ts';
import { findConnectionType } from '../../integrations/index.ts';
import { createNetwork } from '../../integrations/network/network.ts';
import { createCredentials } from '../index.ts';
import { KEYRING } from './keyring.ts';

const { url, name, clockMs } = JSON.parse(process.argv[2]!) as { url: string; name: string; clockMs: number };
const database = openDatabase(url, { max: 2 });
const network = createNetwork({ allow: ['127.0.0.0/8'] });
const now = () => Date.now() + clockMs;
const credentials = createCredentials({ database, keyring: KEYRING, network, findType: findConnectionType, now });
const { data } = await credentials.open({ workspace: 'a', name });
process.send!(data.accessToken);
await network.close();
await database.close();
process.disconnect();
