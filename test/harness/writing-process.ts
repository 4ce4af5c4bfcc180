/** A tool that writes, called again and again through the pipeline; says what it ran and what was answered until it is killed. */
import { parseArgs } from 'node:util';
import { openAudit } from '../../src/app/audit.ts';
import { openDatabase } from '../../src/app/engine.ts';
import { loadConfig } from '../../src/config.ts';
import { READ_ONLY } from '../../src/kernel/tool.ts';
import { createPipeline } from '../../src/pipeline/index.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { fakeModule } from './fake-module.ts';
import { NORTH } from './two-stores.ts';

const { values } = parseArgs({
  options: { 'data-dir': { type: 'string' }, 'database-url': { type: 'string' } },
});
const config = await loadConfig({ DATA_DIR: values['data-dir'], DATABASE_URL: values['database-url'] ?? '' });
const database = await openDatabase(config, silentLogger);
const audit = openAudit(config, database, silentLogger);
const pipeline = createPipeline({ logger: silentLogger, audit });
const [echo] = fakeModule().tools;
if (echo === undefined) throw new RangeError('no tool');
const write = {
  ...echo,
  name: 'write',
  annotations: { ...READ_ONLY, readOnlyHint: false },
  run: async (...call: Parameters<typeof echo.run>) => {
    process.stdout.write(`ran ${call[1].requestId.slice(1)}\n`);
    return echo.run(...call);
  },
};

async function writeOn(first: number, step: number): Promise<never> {
  for (let n = first; ; n += step) {
    const context = { principal: NORTH.principal, requestId: `w${n}`, signal: new AbortController().signal };
    await pipeline.callTool(write, { message: 'x' }, context);
    process.stdout.write(`answered ${n}\n`);
  }
}

await Promise.all(Array.from({ length: 4 }, (_, n) => writeOn(n, 4)));
