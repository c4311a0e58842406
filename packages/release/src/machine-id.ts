import { createHash, createHmac } from 'node:crypto';

/** Of /etc/machine-id: 32 lowercase hexadecimal digits and a newline (machine-id(5)). */
const MACHINE_ID = /^([0-9a-f]{32})\n?$/;

/** RFC 9562: version and variant stand in the high bits of bytes 6 and 8. */
const VERSION_BYTE = 6;
const VARIANT_BYTE = 8;

/**
 * An identifier of this machine that only this application can relate to others of its own: the machine id itself is
 * confidential (machine-id(5)). It is what `sd_id128_get_machine_app_specific(3)` returns for {@link applicationId}:
 * HMAC-SHA256 over the application's id, keyed with the machine's, as a version 4 UUID; 32 hexadecimal digits.
 * `undefined` where the text is no machine id, such as that of a machine that was never started.
 */
export function machineIdFor(application: string, machineIdText: string): string | undefined {
  const [, machineId] = MACHINE_ID.exec(machineIdText) ?? [];
  if (machineId === undefined || /^0+$/.test(machineId)) return undefined;
  const hmac = createHmac('sha256', Buffer.from(machineId, 'hex'));
  return asUuid(hmac.update(Buffer.from(applicationId(application), 'hex')).digest(), 4);
}

/**
 * The id by which an application asks for a machine's: the SHA-256 of `goldstream:NAME`, as a version 8 UUID (RFC 9562,
 * 5.8); 32 hexadecimal digits, as `systemd-id128 machine-id --app-specific=` takes it.
 */
export function applicationId(application: string): string {
  return asUuid(createHash('sha256').update(`goldstream:${application}`).digest(), 8);
}

function asUuid(digest: Buffer, version: number): string {
  const bytes = digest.subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(VERSION_BYTE) & 0x0f) | (version << 4), VERSION_BYTE);
  bytes.writeUInt8((bytes.readUInt8(VARIANT_BYTE) & 0x3f) | 0x80, VARIANT_BYTE);
  return bytes.toString('hex');
}
