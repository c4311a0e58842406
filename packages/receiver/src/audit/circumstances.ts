import { readFile } from 'node:fs/promises';
import { PROGRAM_VERSION } from '../version.ts';
import type { Actor, AuditEntry } from './entry.ts';

/** Under which circumstances something happens: who, which program, which boot. */
export type Circumstances = Pick<AuditEntry, 'by' | 'program' | 'boot'>;

/** `(uid_t) -1`: no login, as for services (proc_pid_loginuid, credentials of pam_loginuid(8)). */
const NO_LOGIN = 0xffffffff;

/** Looks who runs this process. What the kernel does not tell is left out. */
export async function gatherCircumstances(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Circumstances> {
  const [login, boot] = await Promise.all([
    readWord('/proc/self/loginuid'),
    readWord('/proc/sys/kernel/random/boot_id'),
  ]);
  const loginUid = uidOf(login);
  const sudoUid = uidOf(environment['SUDO_UID']);
  const by: Actor = {
    uid: process.geteuid?.() ?? 0,
    ...(loginUid === undefined ? {} : { loginUid }),
    ...(sudoUid === undefined ? {} : { sudoUid }),
  };
  return { by, program: PROGRAM_VERSION, ...(boot === undefined ? {} : { boot: boot.slice(0, 64) }) };
}

async function readWord(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() || undefined;
}

function uidOf(word: string | undefined): number | undefined {
  if (word === undefined || !/^\d{1,10}$/.test(word)) return undefined;
  const uid = Number(word);
  return uid < NO_LOGIN ? uid : undefined;
}
