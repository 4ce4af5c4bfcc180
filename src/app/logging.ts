export { createLogger } from '../telemetry/logger.ts';
export { redactText } from '../telemetry/redact.ts';
