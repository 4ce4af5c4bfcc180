/** Facts of a log line, in snake_case. Secrets are masked by key before anything is written, at any depth. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What a line is for. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured logging. SQL goes in by hash, never as text. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Whether lines of this level are written: for those whose making costs something. */
  writes(level: LogLevel): boolean;
  /** A logger whose lines all carry these fields. */
  child(fields: LogFields): Logger;
}
