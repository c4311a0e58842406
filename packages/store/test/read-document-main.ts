// Prints the document `hello` of the store that the first argument names: what a program of its own sees of the
// platform's authorities and proxies.
import { openStore } from '../src/index.ts';

const APPLICATION = 'app';

const [url = ''] = process.argv.slice(2);
process.stdout.write(await openStore(url, APPLICATION).readDocument('hello', 100));
