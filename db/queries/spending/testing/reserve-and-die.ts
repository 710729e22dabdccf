/** A worker that is killed between the reservation and the settlement of a call. Arguments: address of the database, workspace. */
import { openDatabase, withWorkspace } from '../../../database.ts';
import { reserveCall } from '../reserve.ts';

const [url = '', workspace = ''] = process.argv.slice(2);
const call = {
  ...{ id: 'dead', workflow: 'w', runId: 'r1', step: 's', attempt: 1, connection: 'c', provider: 'openai', model: 'm' },
  ...{ estimate: 100_000_000_000n, leaseSeconds: 1 },
};
await withWorkspace(openDatabase(url, { max: 1 }), workspace, (tx) => reserveCall(tx, call));
process.kill(process.pid, 'SIGKILL');
