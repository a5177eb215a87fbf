// One of the soak's servers, a child process: so many PVs of a changing value over Channel Access or pvAccess.
import { CaServer, PvaServer } from '../../src';

const [protocol, port = '0', udpPort = '0', prefix = '', count = '0', period = '1000'] = process.argv.slice(2);
const server = protocol === 'ca' ? new CaServer({ port: Number(port) }) : new PvaServer({ port: Number(port), udpPort: Number(udpPort) });
const pvs = Array.from({ length: Number(count) }, (_, i) => server.add(`${prefix}${i}`, { type: 'DOUBLE', initial: 0, onWrite: ({ value }) => { pvs[i]?.update({ value }); } }));

void server.listen().then(() => {
  process.send?.('ready');
  let turn = 0;
  // A tenth of them at a time: a steady stream instead of bursts.
  setInterval(() => {
    turn += 1;
    for (let i = turn % 10; i < pvs.length; i += 10) pvs[i]?.update({ value: turn });
  }, Number(period) / 10);
});
// The parent's end is its own.
process.on('disconnect', () => process.exit(0));
