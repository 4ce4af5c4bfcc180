import { ValidationError } from '../../kernel/errors.ts';

/** Letters that Unicode decomposition leaves whole. */
const FOLDED: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ł', 'l'],
  ['ı', 'i'],
]);
const MAX_SLUG = 63;
const MAX_STORES = 10_000;
/** The identity that sees all stores: a store of that name would become it. */
const RESERVED = 'head-office';

/** `Côte d'Ivoire` → `cote-d-ivoire`; empty when the name has no letter or digit to make one of. */
export function storeSlug(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\0-\x7f]/gu, (letter) => FOLDED.get(letter) ?? '-')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, MAX_SLUG)
    .replace(/-+$/, '');
}

/** The stores met so far, by name. Two names that make one slug would share one store's data: refused. */
export class StoreSlugs {
  readonly names = new Map<string, string>();
  private readonly slugs = new Map<string, string>();

  /** The slug of `name`, or undefined when none can be made. Throws `ValidationError`. */
  slugOf(name: string): string | undefined {
    const known = this.slugs.get(name);
    if (known !== undefined) return known;
    const slug = storeSlug(name);
    if (slug === '') return undefined;
    const other = this.names.get(slug);
    if (other !== undefined) {
      throw new ValidationError(
        `The stores "${other}" and "${name}" would both be "${slug}". Rename one of them in the file.`,
        { data: { slug, names: [other, name] } },
      );
    }
    if (slug === RESERVED) {
      throw new ValidationError(
        `A store can't be named "${name}": "${RESERVED}" is the identity that sees all stores.`,
        { data: { slug } },
      );
    }
    if (this.slugs.size >= MAX_STORES) {
      throw new ValidationError(`More than ${MAX_STORES} stores. Is the store read from the right column?`);
    }
    this.slugs.set(name, slug);
    this.names.set(slug, name);
    return slug;
  }
}
