// Makes the root image that the tests' systemd hosts boot from, unless it is in the cache: scripts/test.sh runs this.
import { existsSync } from 'node:fs';
import { describeError, exitCodeOf } from '@goldstream/errors';
import { makeRootImage, rootImage } from './root-image.ts';

try {
  const image = await rootImage();
  if (!existsSync(image)) console.error(`making the root file system of the tests' systemd hosts, once: ${image}`);
  await makeRootImage();
} catch (error) {
  process.stderr.write(describeError(error));
  process.exitCode = exitCodeOf(error);
}
