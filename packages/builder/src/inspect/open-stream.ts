import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Runner, startDecompress } from '@goldstream/system';
import { joined } from '@goldstream/transfer';
import { BuilderError } from '../error.ts';

/** RFC 8878, 3.1.1: the first bytes of every zstd frame. */
const ZSTD_MAGIC = Buffer.of(0x28, 0xb5, 0x2f, 0xfd);

/** Bytes that are read at once. */
const READ_BYTES = 1024 * 1024;

type Bytes = AsyncIterable<Uint8Array>;

/**
 * The bytes of files, one after the other; `-` is the program's own input.
 * @throws BuilderError `BUILDER_UNREADABLE`
 */
export async function* openFiles(
  files: readonly string[],
  streams: { readonly input: Bytes },
): AsyncGenerator<Uint8Array, void, void> {
  for (const file of files) {
    try {
      yield* file === '-' ? streams.input : (createReadStream(file, { highWaterMark: READ_BYTES }) as Bytes);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
      throw new BuilderError('BUILDER_UNREADABLE', `${file} cannot be read`, { cause });
    }
  }
}

/** Hands the raw stream to `use`; what begins like zstd is decompressed, whatever its name. */
export async function withRawStream<T>(
  runner: Runner,
  source: Bytes,
  signal: AbortSignal,
  use: (raw: Bytes) => Promise<T>,
): Promise<T> {
  const chunks = source[Symbol.asyncIterator]();
  const head = await readHead(chunks);
  const whole = chain(head, chunks);
  if (!head.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC)) return use(whole);

  const zstd = startDecompress(runner, { stdin: 'pipe', stdout: 'pipe', signal });
  const { stdin, stdout } = zstd;
  if (stdin === undefined || stdout === undefined) throw new Error('a child without the pipes that were asked for');
  let result: { readonly value: T } | undefined;
  const consume = async () => {
    result = { value: await use(decompressed()) };
  };
  // Its end is that of the stream only when zstd says that it was one.
  async function* decompressed() {
    // A pipe without an encoding gives bytes.
    yield* stdout as AsyncIterable<Uint8Array & string>;
    await zstd.ended;
  }
  await joined([pipeline(whole, stdin), consume(), zstd.ended], () => zstd.kill());
  if (result === undefined) throw new Error('a reader ended without a result');
  return result.value;
}

/** At least as many bytes as the magic has, unless there are fewer. */
async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < ZSTD_MAGIC.length) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* chain(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
