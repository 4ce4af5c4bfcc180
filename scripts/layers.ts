/**
 * The import table of docs/architecture.md. Every folder may also import `kernel`, and nothing that is not listed.
 * A key is a folder of src/, or a file in it; `*` stands for each folder on its own, so that none imports its sibling.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  'config.ts': ['settings'],
  settings: [],
  secrets: [],
  telemetry: [],
  resilience: [],
  cache: ['resilience', 'telemetry'],
  embedding: ['resilience', 'telemetry', 'cache'],
  sql: [],
  data: ['sql', 'resilience', 'secrets', 'telemetry'],
  auth: ['resilience', 'policy'],
  policy: [],
  pipeline: ['policy', 'resilience', 'cache', 'telemetry'],
  'modules/index.ts': ['modules/*'],
  'modules/*': ['data', 'sql', 'cache'],
  protocol: ['pipeline', 'telemetry'],
  transport: ['auth', 'protocol', 'resilience', 'telemetry'],
  gateway: ['protocol', 'resilience'],
  doctor: ['data', 'sql', 'resilience', 'telemetry'],
  ops: ['data', 'cache', 'resilience', 'telemetry'],
  demo: [],
  conformance: [],
  ingest: ['data', 'demo', 'telemetry'],
  app: [
    ...[
      'config.ts',
      'secrets',
      'telemetry',
      'resilience',
      'cache',
      'embedding',
      'sql',
      'data',
      'auth',
      'policy',
      'pipeline',
    ],
    ...[
      'modules/index.ts',
      'protocol',
      'transport',
      'gateway',
      'ops',
      'doctor',
      'demo',
      'conformance',
      'ingest',
    ],
  ],
  cli: ['app', 'config.ts'],
};

/** Packages that only these layers may import: a database is reached through src/data and in no other way. */
const confinedPackages: Readonly<Record<string, readonly string[]>> = {
  pg: ['data'],
  ioredis: ['resilience'],
  'rate-limiter-flexible': ['resilience'],
  cockatiel: ['resilience'],
  openai: ['embedding'],
  'pg-copy-streams': ['data'],
  '@electric-sql/pglite': ['data'],
  '@electric-sql/pglite-pgvector': ['data'],
  '@electric-sql/pglite-socket': ['data'],
};

/** The layer of a path relative to src/ ("modules/analytics/index.ts" -> "modules/analytics"), or undefined if it has none. */
export function layerOf(path: string): string | undefined {
  if (path in layers) return path;
  const [folder = '', name = '', ...rest] = path.split('/');
  if (folder in layers && name !== '') return folder;
  return `${folder}/*` in layers && rest.length > 0 ? `${folder}/${name}` : undefined;
}

/** May `from` import `to`? Both are layers, as `layerOf` gives them. */
export function mayImport(from: string, to: string): boolean {
  if (from === to || (to === 'kernel' && from !== 'demo')) return true;
  return allowed(from).some((entry) => entry === to || entry === wildcard(to));
}

/** May `from` import this package? */
export function mayImportPackage(from: string, name: string): boolean {
  const owners = confinedPackages[name];
  return owners === undefined || owners.includes(from);
}

function allowed(layer: string): readonly string[] {
  return layers[layer] ?? layers[wildcard(layer)] ?? [];
}

function wildcard(layer: string): string {
  return layer.replace(/\/[^/]+$/, '/*');
}
