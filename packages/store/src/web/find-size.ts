import { StoreError } from '../error.ts';
import { ask } from './ask.ts';
import { parseContent } from './parse-content.ts';
import { Patience } from './patience.ts';
import type { WebClient } from './send-request.ts';
import { showUrl } from './show-url.ts';

/**
 * Asks how long a file is, in bytes. `undefined` when it is not there.
 *
 * @throws StoreError `STORE_BAD_ANSWER` also when the server does not say, and those of `readFile`
 */
export async function findSize(client: WebClient, url: URL): Promise<number | undefined> {
  const patience = new Patience(client);
  while (true) {
    try {
      const answer = await ask(client, { method: 'HEAD', url });
      if (answer === undefined) return undefined;
      answer.response.resume();
      const content = parseContent({ ...answer, headers: answer.response.headers }, 0, Number.POSITIVE_INFINITY);
      if (content?.end !== undefined) return content.end;
      throw new StoreError('STORE_BAD_ANSWER', `${answer.shown} does not say how long it is (no Content-Length)`, {
        hint: 'Let the server send files as they are.',
      });
    } catch (failure) {
      await patience.afterFailure(failure, showUrl(url));
    }
  }
}
