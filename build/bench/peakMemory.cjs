// Loaded before the command line by the benchmark: notes the heap after a collection, early in the run and at its end.
const { writeFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const heap = () => {
  collect();
  return process.memoryUsage().heapUsed;
};
let lines = 0;
let early = 0;
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (chunk, ...rest) => {
  lines += String(chunk).split('\n').length - 1;
  if (early === 0 && lines >= 1000) early = heap();
  return write(chunk, ...rest);
};
process.on('exit', () => {
  if (process.env.BENCH_MEMORY) writeFileSync(process.env.BENCH_MEMORY, JSON.stringify({ grown: early === 0 ? 0 : heap() - early }));
});
