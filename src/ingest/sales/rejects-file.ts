import { type FileHandle, open, rm } from 'node:fs/promises';
import { ValidationError } from '../../kernel/errors.ts';

const FLUSH_CHARACTERS = 64 * 1024;

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

  async begin(): Promise<void> {
    await rm(this.path, { force: true }).catch((cause: unknown) => this.fail(cause));
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
        this.buffer = `line,reason,raw\n${this.buffer}`;
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
