/** The door to the Temporal UI in another container: for docker-compose.yml. `npm start` has a door of its own. */
import { startUiProxy } from '../../embedded/temporal/ui-proxy.ts';

const { PORT = '8233', TEMPORAL_UI_ADDRESS, TEMPORAL_UI_URL } = process.env;
const [, host, port] = /^([^\s/:]+):(\d+)$/.exec(TEMPORAL_UI_ADDRESS ?? '') ?? [];
if (!host) {
  console.error('TEMPORAL_UI_ADDRESS must say where the Temporal UI listens, like temporal-ui:6000');
  process.exit(2);
}
await startUiProxy({
  port: Number(PORT),
  host: '0.0.0.0',
  publicUrl: TEMPORAL_UI_URL,
  behind: { host, port: Number(port) },
});
