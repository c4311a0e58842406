import type { Runner } from '../runner.ts';
import { type GpgHome, withGpgHome } from './home.ts';

/** Writes an armoured detached signature of `file` as `signature`. */
export async function signDetached(
  runner: Runner,
  home: GpgHome,
  { fingerprint, file, signature }: { readonly fingerprint: string; readonly file: string; readonly signature: string },
): Promise<void> {
  await withGpgHome(runner, home, (at) =>
    runner.run([
      'gpg',
      ...at,
      '--batch',
      '--yes',
      '--local-user',
      fingerprint,
      '--armor',
      '--output',
      signature,
      '--detach-sign',
      file,
    ]),
  );
}
