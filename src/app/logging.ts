export { createLogger, silentLogger } from '../telemetry/logger.ts';
