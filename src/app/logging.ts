export { createLogger } from '../telemetry/logger.ts';
