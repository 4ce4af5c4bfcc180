import { readFileSync } from 'node:fs';

const PACKAGE = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The package's version, as `serverInfo` and `aisle --version` tell it. */
export const VERSION = PACKAGE.version;
