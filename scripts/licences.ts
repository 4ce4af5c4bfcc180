/** Licences that let Aisle be used, changed and sold without conditions for Aisle's own code, by SPDX id. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT'],
  ...['MIT-0', 'PostgreSQL', 'Python-2.0', 'Unlicense', 'Zlib'],
]);

/** Why a package of this package.json must not be shipped; undefined when it may. */
export function unfitLicence(manifest: { readonly license?: unknown }): string | undefined {
  const { license } = manifest;
  if (typeof license !== 'string' || license === '') return 'tells no licence';
  return isAllowed(license) ? undefined : `licence ${license} is not on the list of scripts/licences.ts`;
}

/** An SPDX expression of one level: of those joined by OR one is enough, of those joined by AND each counts. */
function isAllowed(expression: string): boolean {
  return expression
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((id) => ALLOWED.has(id)));
}
