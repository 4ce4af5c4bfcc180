import { createDevelopmentAuthenticator } from '../auth/development.ts';
import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import { NotFoundError, ValidationError } from '../kernel/errors.ts';
import { catalogue } from '../protocol/catalogue.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openAudit } from './audit.ts';
import { Disposal } from './disposal.ts';
import { openEmbedders } from './embedders.ts';
import { createEngine, openDatabase } from './engine.ts';

/** Calls tools as somebody, without a transport. Throws what the tool throws. */
export interface Toolbox {
  call(tool: string, args: unknown, as: string | undefined): Promise<{ structured: unknown; text: string }>;
  close(): Promise<void>;
}

/** A toolbox on a database that this process opens for itself. */
export async function openToolbox(config: Config): Promise<Toolbox> {
  const disposal = new Disposal(silentLogger);
  const database = await openDatabase(config, silentLogger);
  disposal.add('database', () => database.close());
  const { tools, pipeline } = await prepare(config, database, disposal).catch(async (error: unknown) => {
    await disposal.dispose();
    throw error;
  });
  return {
    async call(name, args, as) {
      const entry = tools.get(name);
      if (entry === undefined) throw new NotFoundError('TOOL_NOT_FOUND', `There is no tool ${name}.`);
      if (as === undefined) throw whoCalls((await database.listSubjects()).map((subject) => subject.name));
      const authenticator = createDevelopmentAuthenticator({
        findSubject: database.findSubject,
        fixedSubject: as,
      });
      const principal = await authenticator.authenticate({});
      const signal = new AbortController().signal;
      return pipeline.callTool(entry.tool, args, { principal, requestId: 'cli', signal });
    },
    close: () => disposal.dispose(),
  };
}

async function prepare(config: Config, database: Database, disposal: Disposal) {
  const audit = openAudit(config, database, silentLogger);
  disposal.add('audit', () => audit.close());
  const embedders = await openEmbedders(config, database.secretKeys, silentLogger, disposal);
  const { modules, pipeline } = await createEngine(config, database, silentLogger, audit, { embedders });
  return { tools: catalogue(modules), pipeline };
}

/** Who calls must always be said; there is no default. */
export function whoCalls(names: readonly string[]): ValidationError {
  const choice =
    names.length === 0
      ? '… (nobody is known yet: run "aisle seed" or "aisle import sales")'
      : names.join(' | ');
  return new ValidationError(`Say who calls: --as ${choice}.`);
}
