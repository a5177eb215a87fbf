// A hundred clients of ours in one process, each with a circuit of its own and a hundred monitors. Prints one JSON object.
import { CaClient } from '../../../../electron/epics-ioc-connection/dist/index.mjs';
import { finish, names, reportEvents, sleep } from './measure.mjs';

const [clients, monitors] = [100, 100];
const all = names('S:pv', 1000);
let events = 0;
for (let i = 0; i < clients; i += 1) {
  const client = new CaClient();
  // Each PV has ten of them.
  for (let k = 0; k < monitors; k += 1) client.channel(all[(i * monitors + k) % all.length]).monitor({}, () => { events += 1; });
}
while (events < clients * monitors) await sleep(0.01);
finish(await reportEvents(() => events), process.version);
