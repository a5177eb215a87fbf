// `endstation bench` where the program was installed: the peers and their compilers belong to a checkout, so it says where it runs.
import type { CliCommand } from './command';

export const command: CliCommand = {
  name: 'bench',
  summary: 'A side-by-side benchmark against the peers that are installed (in a checkout of the source).',
  usage: ['endstation bench [epics|compute|...] [--repeats n]'],
  run(_args, io) {
    io.err('The benchmarks build and run their peers from the source. In a checkout: npm ci && npx endstation bench NAME.');
    return Promise.resolve(1);
  },
};
