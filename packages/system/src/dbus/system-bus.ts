import { existsSync } from 'node:fs';
import type { Runner } from '../runner.ts';

/** The message bus of a host, as far as a deployment has to do with it. */
export interface SystemBus {
  /**
   * Makes the bus read its policy and its service files again (D-Bus specification, `org.freedesktop.DBus.ReloadConfig`).
   * Does nothing for a tree, and where no bus runs: it reads them when it starts.
   */
  reloadConfig(): Promise<void>;
}

/** Where every client finds the system bus (D-Bus specification, “System message bus”). */
const SOCKET = '/run/dbus/system_bus_socket';

/** busctl(1) for a host (`root` is `/`) or for a tree. */
export function systemBusFor(runner: Runner, root: string, isThere: (path: string) => boolean = existsSync): SystemBus {
  return {
    reloadConfig: async () => {
      if (root !== '/' || !isThere(SOCKET)) return;
      await runner.run(['busctl', '--system', '--quiet', 'call', BUS, PATH, BUS, 'ReloadConfig']);
    },
  };
}

const BUS = 'org.freedesktop.DBus';
const PATH = '/org/freedesktop/DBus';
