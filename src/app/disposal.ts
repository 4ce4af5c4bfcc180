import type { Logger } from '../kernel/logger.ts';

type Dispose = () => Promise<void>;

/** What was built and must be taken down: in reverse order, each on its own, so that one failure does not skip the rest. */
export class Disposal {
  private readonly logger: Logger;
  private readonly built: { readonly name: string; readonly dispose: Dispose }[] = [];
  private disposing: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  add(name: string, dispose: Dispose): void {
    this.built.push({ name, dispose });
  }

  /** May be called again; all callers wait for the one run. */
  dispose(): Promise<void> {
    this.disposing ??= this.run();
    return this.disposing;
  }

  private async run(): Promise<void> {
    for (const { name, dispose } of this.built.toReversed()) {
      try {
        await dispose();
      } catch (error) {
        this.logger.error('A part did not close cleanly', { part: name, error });
      }
    }
  }
}
