import { type DestinationStream, destination, type Logger as Pino, pino } from 'pino';
import type { LogFields, Logger, LogLevel } from '../kernel/logger.ts';
import { redact, redactText } from './redact.ts';

type WrittenLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  readonly level: WrittenLevel;
  readonly name?: string;
  /** For tests; stderr by default. Never stdout: over stdio that belongs to the protocol. */
  readonly destination?: DestinationStream;
}

/** One JSON object a line: `level`, `timestamp`, `name`, `message`, and the fields, redacted. */
export function createLogger(options: LoggerOptions): Logger {
  const sink = options.destination ?? destination({ fd: process.stderr.fd, sync: true });
  const root = pino(
    {
      level: options.level,
      messageKey: 'message',
      base: { name: options.name ?? 'aisle' },
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // pino's own serializer for `err` would run before the redaction.
      serializers: {},
    },
    sink,
  );
  return wrap(root);
}

/** For where nothing should be logged: tests, one-shot commands. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  writes: () => false,
  child: () => silentLogger,
};

function wrap(logger: Pino): Logger {
  const write = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (logger.isLevelEnabled(level)) logger[level](safe(fields), redactText(message));
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    writes: (level) => logger.isLevelEnabled(level),
    child: (fields) => wrap(logger.child(safe(fields))),
  };
}

function safe(fields: LogFields = {}): Record<string, unknown> {
  return redact({ ...fields }) as Record<string, unknown>;
}
