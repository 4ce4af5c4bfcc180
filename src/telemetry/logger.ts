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

/** Characters that wait for whoever reads stderr. What comes on top of them is lost, and counted. */
const MAX_WAITING = 16 * 1024 * 1024;
/** Characters that are written at once, and milliseconds after which fewer are: each write costs as much as a line. */
const AT_ONCE = 8192;
const AT_LATEST_MS = 50;
/** Milliseconds that a process which exits waits for whoever reads stderr. */
const LAST_WORDS_MS = 1000;

/** One JSON object a line: `level`, `timestamp`, `name`, `message`, and the fields, redacted. */
export function createLogger(options: LoggerOptions): Logger {
  const stderr = options.destination === undefined ? openStderr() : undefined;
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
    options.destination ?? stderr,
  );
  stderr?.onLost((lines) => root.warn({ lines }, 'log_lines_lost'));
  return wrap(root);
}

/**
 * Written while other work goes on, many lines at once where they come fast and soon where they do not: nobody who stops
 * reading stderr stops the server. What waits is written when the process exits, however it does that by itself, if
 * somebody reads it soon.
 */
function openStderr() {
  let exitingSince: number | undefined;
  // Before the sink's own, which writes what waits.
  process.prependOnceListener('exit', () => {
    exitingSince = performance.now();
  });
  const sink = destination({
    ...{ fd: process.stderr.fd, sync: false, minLength: AT_ONCE, maxLength: MAX_WAITING },
    retryEAGAIN: () => exitingSince === undefined || performance.now() - exitingSince < LAST_WORDS_MS,
  });
  let lost = 0;
  sink.on('drop', () => {
    lost += 1;
  });
  let isToFlush = false;
  let hasMore = false;
  const flush = () => {
    isToFlush = false;
    sink.flush();
  };
  const flushSoon = () => {
    if (!isToFlush) setTimeout(flush, AT_LATEST_MS).unref();
    isToFlush = true;
  };
  // A flush does nothing while a write is under way, and what came meanwhile may be too little for another.
  sink.on('drain', () => {
    if (hasMore) flushSoon();
    hasMore = false;
  });
  return {
    write(line: string): void {
      sink.write(line);
      hasMore = true;
      flushSoon();
    },
    onLost(tell: (lines: number) => void): void {
      sink.on('drain', () => {
        if (lost === 0) return;
        const lines = lost;
        lost = 0;
        tell(lines);
      });
    },
  };
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
