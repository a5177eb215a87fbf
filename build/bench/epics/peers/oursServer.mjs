// Our Channel Access server with a thousand PVs. argv: port. Takes commands on stdin, one a line: `generate RATE SECONDS` and `used`; answers each with one line of JSON.
import { createInterface } from 'node:readline';
import { CaServer } from '../../../../electron/epics-ioc-connection/dist/index.mjs';
import { names } from './measure.mjs';

const server = new CaServer({ port: Number(process.argv[2]) });
const pvs = names('S:pv', 1000).map((name) => server.add(name, { type: 'DOUBLE', initial: 0, metadata: { units: 'mm', precision: 3 } }));
await server.listen();
console.log('READY');

/** Updates the PVs in turn, `rate` a second in all, and says how many updates were made. */
function generate(rate, seconds) {
  const start = performance.now();
  const due = () => Math.floor(Math.min((performance.now() - start) / 1000, seconds) * rate);
  let made = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      for (const until = due(); made < until; made += 1) pvs[made % pvs.length].update({ value: made });
      if (made < Math.floor(rate * seconds)) return;
      clearInterval(timer);
      resolve(made);
    }, 1);
  });
}

const used = () => ({ cpu: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6, memory: process.memoryUsage.rss() / 1e6 });
for await (const line of createInterface({ input: process.stdin })) {
  const [command, rate, seconds] = line.split(' ');
  console.log(JSON.stringify(command === 'generate' ? await generate(Number(rate), Number(seconds)) : used()));
}
process.exit(0);
