import { SubvolumeRenamer } from '@goldstream/send-stream';
// Not the package's door: nothing that people run may start a pump without a guard.
import { servePump } from '../../packages/transfer/src/serve-pump.ts';

/*
 * The module of a pump's thread that looks at nothing: what the guard is measured against. The name of the subvolume is
 * given as the real one gives it.
 */

servePump((inspection) => {
  const as = inspection.kind === 'guard' ? inspection.as : undefined;
  const renamer = as === undefined ? undefined : new SubvolumeRenamer(as);
  return {
    push: (block) => renamer?.push([block]) ?? [block],
    end: () => ({ views: renamer?.push([]) ?? [], findings: {} }),
  };
});
