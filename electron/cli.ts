// The command line's entry: built to out/main/cli.cjs, run by the `endstation` program.
import { main } from './cli/main';

void main(process.argv.slice(2), __dirname);
