/** A process that serves the fake module and the conformance fixtures over its pipes, and logs to stderr. */
import { conformanceModule } from '../../src/conformance/index.ts';
import { createPipeline } from '../../src/pipeline/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createStdioTransport } from '../../src/transport/stdio.ts';
import { fakeModule } from './fake-module.ts';
import { restlessWatches } from './fake-watches.ts';
import { forbiddenModule } from './forbidden-module.ts';

const fake = fakeModule();
// Whoever started this process sees no more of it than this.
void fake.nextWaiting().then(() => process.stderr.write('waiting\n'));
const logger = createLogger({ level: 'info' });
const permissions = new Set(['read:analytics'] as const);
await createStdioTransport({
  serving: {
    ...{ modules: [fake, conformanceModule, forbiddenModule], version: '1.2.3', logger },
    pipeline: createPipeline({ logger }),
    watches: restlessWatches(),
  },
  principal: {
    ...{ subject: '0190a000-0000-7000-8000-000000000001', name: 'seattle' },
    ...{ roles: [], permissions, method: 'operator' },
  },
}).closed;
