import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { ValidationError } from '../../kernel/errors.ts';

const FLUSH_CHARACTERS = 64 * 1024;
const HEADER = 'line,reason,raw\n';

/**
 * The lines that were not imported: line number, reason, the line as it stood in the file. Made when the first one comes;
 * what an earlier import left under the name is removed.
 */
export class RejectsFile {
  private readonly path: string;
  private file: FileHandle | undefined;
  private buffer = '';

  constructor(path: string) {
    this.path = path;
  }

  /** Removes what an earlier import wrote, and nothing else: not the file that is being imported, nor one of somebody's own. */
  async begin(sourcePath: string | undefined): Promise<void> {
    const found = await stat(this.path).catch(() => undefined);
    if (found === undefined) return;
    const source = sourcePath === undefined ? undefined : await stat(sourcePath).catch(() => undefined);
    if (source !== undefined && source.ino === found.ino && source.dev === found.dev) {
      throw new ValidationError(
        'The rejects file is the file to import itself. Name another with --rejects.',
      );
    }
    if (!(await this.isOurs())) {
      throw new ValidationError(
        `${this.path} is there already and is not the rejects file of an earlier import. Move it away, or name another with --rejects.`,
      );
    }
    await rm(this.path).catch((cause: unknown) => this.fail(cause));
  }

  private async isOurs(): Promise<boolean> {
    const file = await open(this.path, 'r').catch((cause: unknown) => this.fail(cause));
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0);
      return buffer.toString('utf8', 0, bytesRead) === HEADER;
    } catch {
      return false; // a directory, a device
    } finally {
      await file.close();
    }
  }

  add(line: number, reason: string, raw: string): void {
    this.buffer += `${line},${quote(reason)},${quote(raw)}\n`;
  }

  /** Writes what has gathered: all of it when `force`, else when it is worth a write. */
  async flush(force = false): Promise<void> {
    if (this.buffer === '' || (!force && this.buffer.length < FLUSH_CHARACTERS)) return;
    try {
      if (this.file === undefined) {
        this.file = await open(this.path, 'w', 0o600);
        this.buffer = HEADER + this.buffer;
      }
      await this.file.appendFile(this.buffer);
      this.buffer = '';
    } catch (cause) {
      this.fail(cause);
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }

  private fail(cause: unknown): never {
    throw new ValidationError(`The rejects file ${this.path} can't be written.`, { cause });
  }
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
