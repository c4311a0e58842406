import type { Channel } from '@goldstream/release';
import { followStable } from './channel-host.ts';
import { type Publisher, publisherOf } from './publisher.ts';
import { shopTest } from './shop-test.ts';

/** `test` with a publisher whose channel `stable`, at sequence 5, leads to v1.3.0, and a host that follows it. */
export const attackTest = shopTest.extend<{ publisher: Publisher; honest: Channel }>({
  publisher: async ({ shop, host, temporaryDirectory }, use) => {
    const publisher = await publisherOf(shop, temporaryDirectory);
    await followStable(host, publisher.url);
    await use(publisher);
  },
  honest: async ({ publisher }, use) => {
    const honest = await publisher.channel({ sequence: 5 });
    await publisher.publish(honest);
    await use(honest);
  },
});
