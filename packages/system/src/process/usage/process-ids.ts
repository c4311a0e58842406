import { readdir } from 'node:fs/promises';

/** Every process that we can see, kernel threads included. */
export async function processIds(): Promise<readonly number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}
