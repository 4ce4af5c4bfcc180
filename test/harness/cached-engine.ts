/** The engine of a server with its cache, on a test's database. */
import { openAnswerCache } from '../../src/app/answer-cache.ts';
import { Disposal } from '../../src/app/disposal.ts';
import { createEngine } from '../../src/app/engine.ts';
import { loadConfig } from '../../src/config.ts';
import type { Database } from '../../src/data/database.ts';
import type { CallLog, CallRecord } from '../../src/kernel/audit.ts';
import { type Embedders, NO_EMBEDDERS } from '../../src/kernel/embedding.ts';
import type { Principal } from '../../src/kernel/principal.ts';
import type { ToolResult } from '../../src/kernel/tool.ts';
import { catalogue } from '../../src/protocol/catalogue.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { until } from './until.ts';

export interface CachedEngine {
  call(tool: string, args: unknown, principal: Principal, signal?: AbortSignal): Promise<ToolResult<unknown>>;
  /** What the audit was told, in order. */
  readonly recorded: readonly CallRecord[];
  close(): Promise<void>;
}

const never = new AbortController().signal;

export async function cachedEngine(
  database: Database,
  settings: Readonly<Record<string, string>> = {},
  embedders: Embedders = NO_EMBEDDERS,
): Promise<CachedEngine> {
  const config = await loadConfig({}, { ...settings }, '');
  const disposal = new Disposal(silentLogger);
  const recorded: CallRecord[] = [];
  const log: CallLog = {
    commit: async (record) => void recorded.push(record),
    enqueue: async (record) => void recorded.push(record),
  };
  const { modules, pipeline } = await createEngine(config, database, silentLogger, log, {
    embedders,
    openCache: (parser) => openAnswerCache(config, database, embedders, silentLogger, parser, disposal),
  });
  const tools = catalogue(modules);
  await until(() => database.changes.isCurrent());
  return {
    recorded,
    call: (name, args, principal, signal = never) => {
      const entry = tools.get(name);
      if (entry === undefined) throw new RangeError(`no tool ${name}`);
      return pipeline.callTool(entry.tool, args, { principal, requestId: 'r', signal });
    },
    close: () => disposal.dispose(),
  };
}
