import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ValidationError } from '../../kernel/errors.ts';

/** What is read at a time is parsed at a time, and a database that answers meanwhile has to wait: about a millisecond. */
const READ_BYTES = 64 * 1024;

/** A file's path, `-` for standard input, or the lines themselves. Names that end in `.gz` are unpacked. */
export type SalesInput = string | { readonly name: string; readonly lines: AsyncIterable<Buffer | string> };

/** Bytes that can be read more than once: rejected lines are looked up in them afterwards. */
export interface SalesSource {
  readonly name: string;
  /** Bytes to read in all, before unpacking; undefined when nobody knows yet. */
  readonly totalBytes: number | undefined;
  /** Bytes read so far, before unpacking. */
  readonly bytesRead: number;
  /** Of what was read, before unpacking; valid when the first reading has ended. */
  sha256(): Buffer;
  /** Throws `ValidationError` when the file can't be read. */
  read(): AsyncIterable<Buffer>;
  dispose(): Promise<void>;
}

/** Throws `ValidationError` when there is no such file. */
export async function openSalesSource(input: SalesInput): Promise<SalesSource> {
  if (typeof input === 'object') return new SpooledSource(input.name, input.lines, await spool());
  if (input === '-') return new SpooledSource('standard input', process.stdin, await spool());
  const size = await stat(input).then(
    (file) => (file.isDirectory() ? undefined : file.size),
    () => undefined,
  );
  if (size === undefined) throw new ValidationError(`There is no file ${input}.`);
  return new FileSource(input, size);
}

abstract class HashedSource {
  bytesRead = 0;
  private readonly hash = createHash('sha256');
  private digest: Buffer | undefined;

  protected async *counted(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      this.bytesRead += bytes.length;
      this.hash.update(bytes);
      yield bytes;
    }
    this.digest = this.hash.digest();
  }

  sha256(): Buffer {
    this.digest ??= this.hash.digest();
    return this.digest;
  }
}

class FileSource extends HashedSource implements SalesSource {
  readonly name: string;
  readonly totalBytes: number;
  private begun = false;

  constructor(path: string, size: number) {
    super();
    this.name = path;
    this.totalBytes = size;
  }

  async *read(): AsyncGenerator<Buffer> {
    const file: ReadStream = createReadStream(this.name, { highWaterMark: READ_BYTES });
    const bytes: AsyncIterable<Buffer> = this.begun ? file : this.counted(file);
    this.begun = true;
    try {
      yield* this.name.endsWith('.gz') ? unpacked(bytes) : bytes;
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      if (code.startsWith('Z_')) throw new ValidationError(`${this.name} is no whole gzip file.`, { cause });
      if (/^E[A-Z]+$/.test(code))
        throw new ValidationError(`${this.name} can't be read (${code}).`, { cause });
      throw cause;
    } finally {
      file.destroy();
    }
  }

  async dispose(): Promise<void> {}
}

async function* unpacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  const done = pipeline(bytes, gunzip);
  done.catch(() => {});
  yield* gunzip as AsyncIterable<Buffer>;
  await done;
}

/** A stream can be read once, so it is written to a nameless file on the way. */
class SpooledSource extends HashedSource implements SalesSource {
  readonly name: string;
  readonly totalBytes = undefined;
  private readonly lines: AsyncIterable<Buffer | string>;
  private readonly file: FileHandle;
  private begun = false;

  constructor(name: string, lines: AsyncIterable<Buffer | string>, file: FileHandle) {
    super();
    this.name = name;
    this.lines = lines;
    this.file = file;
  }

  async *read(): AsyncGenerator<Buffer> {
    if (this.begun) {
      yield* this.file.createReadStream({
        start: 0,
        autoClose: false,
        highWaterMark: READ_BYTES,
      }) as AsyncIterable<Buffer>;
      return;
    }
    this.begun = true;
    for await (const bytes of this.counted(this.lines)) {
      await this.file.appendFile(bytes);
      yield bytes;
    }
  }

  dispose(): Promise<void> {
    return this.file.close();
  }
}

async function spool(): Promise<FileHandle> {
  const directory = await mkdtemp(join(tmpdir(), 'aisle-import-'));
  const file = await open(join(directory, 'lines'), 'w+', 0o600);
  // Gone by name at once: nothing is left behind, however the process ends.
  await rm(directory, { recursive: true });
  return file;
}
