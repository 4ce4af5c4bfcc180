import type { Config } from '../config.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import type { Module } from '../kernel/module.ts';

/** The fixtures of `serve --conformance`, which nothing else loads. Throws `ConfigurationError` outside of development. */
export async function loadConformanceModule({ ENVIRONMENT }: Config): Promise<Module> {
  refuseConformance(ENVIRONMENT);
  const { conformanceModule } = await import('../conformance/index.ts');
  return conformanceModule;
}

/** Asked before anything is opened, too. */
export function refuseConformance(environment: Config['ENVIRONMENT']): void {
  if (environment === 'development') return;
  throw new ConfigurationError(
    `--conformance serves the fixtures of the protocol's test suite, and never with ENVIRONMENT=${environment}. Leave it out, or use ENVIRONMENT=development.`,
  );
}
