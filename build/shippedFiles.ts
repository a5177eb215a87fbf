// Puts the read-only files that are shipped beside the built code: displays, the lab's programs, the window's icon.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const shipped = [
  ['electron/sim/displays', 'displays'],
  ['electron/parallelism/programs', 'programs'],
  ['electron/compute/python', 'python'],
  ['build/icons/256x256.png', 'icon.png'],
] as const;

/** `root`: of the checkout. They go to `target`, which is `Paths.resources`. */
export function shippedFiles(root: string, target = join(root, 'out', 'resources')): Plugin {
  return {
    name: 'endstation:shipped-files',
    apply: 'build',
    closeBundle() {
      rmSync(target, { recursive: true, force: true });
      for (const [from, to] of shipped) {
        const source = join(root, from);
        if (!existsSync(source)) continue;
        mkdirSync(dirname(join(target, to)), { recursive: true });
        cpSync(source, join(target, to), { recursive: true, filter: (file) => !/\.test\.ts$|__pycache__|\/a\.out$/.test(file) });
      }
    },
  };
}
