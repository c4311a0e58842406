import { resolve } from 'node:path';
import type { CommandIo } from '@goldstream/cli';
import { systemBusFor, systemctlFor, systemRunner } from '@goldstream/system';
import { eventOfNews } from '../audit/event-of-news.ts';
import { openAuditSession } from '../audit/open-session.ts';
import { TrustSession } from '../trust/trust-session.ts';
import { readConfig } from './config.ts';
import { findApplication } from './find-application.ts';
import { layoutOf } from './layout.ts';
import { storeOpener } from './store-opener.ts';
import type { Tools } from './tools.ts';

/** Wires the tools of one run: the real programs, the layout of the application, its configuration. */
export async function makeTools(
  { app, root, wait }: { readonly app: string | undefined; readonly root: string; readonly wait: number },
  io: CommandIo,
): Promise<Tools> {
  const absolute = resolve(root);
  const layout = layoutOf(absolute, await findApplication(absolute, app));
  const config = await readConfig(layout);
  const audit = openAuditSession(systemRunner, layout, io.warn);
  return {
    runner: systemRunner,
    layout,
    config,
    systemctl: systemctlFor(systemRunner, absolute),
    systemBus: systemBusFor(systemRunner, absolute),
    io,
    trust: new TrustSession(async (news) => void (await audit.record(eventOfNews(news)))),
    audit,
    openStore: storeOpener(layout, config, io),
    patience: wait,
    input: () => process.stdin,
    now: () => new Date(),
  };
}
