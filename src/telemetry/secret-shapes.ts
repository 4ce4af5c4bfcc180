/** One kind of secret as it looks in text, and what stands in its place. */
interface Shape {
  /** A text without any of these holds no such secret: most texts are done after a look for them. */
  readonly hints: readonly string[];
  /** Quantifiers are bounded: the text may be hostile. */
  readonly pattern: RegExp;
  readonly mask: (...groups: string[]) => string;
}

function shape(hints: readonly string[], pattern: RegExp, mask: (...groups: string[]) => string): Shape {
  return { hints, pattern, mask };
}

const hidden = () => '***';
const firstKept = (_found: string, first = '') => `${first}***`;

/** In this order: what is longer and says more of itself comes first. */
const SHAPES: readonly Shape[] = [
  // Private keys in PEM, also when the text ends before they do.
  shape(
    ['PRIVATE KEY'],
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]{0,16384}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
    () => '*** PRIVATE KEY ***',
  ),
  shape(['://'], /([a-z][a-z0-9+.-]{0,20}:\/\/)\S{0,1000}@/gi, (_, scheme = '') => `${scheme}***@`),
  shape([' '], /\b(bearer|basic)\s{1,4}[\w.~+/=-]{4,4096}/gi, (_, scheme = '') => `${scheme} ***`),
  // JSON Web Tokens, signed or not.
  shape(['eyJ'], /\beyJ[\w-]{5,1024}\.[\w-]{2,4096}(?:\.[\w-]{0,4096}){0,3}/g, hidden),
  // Keys of Aisle's own; its roles are called aisle_… too.
  shape(
    ['aisle_'],
    /\baisle_(?!(?:reader|writer|owner|loader|verifier|masker|auditor|audit)(?:_|\b))[A-Za-z0-9-]{4,16}_[\w-]{20,200}/g,
    () => 'aisle_***',
  ),
  // id:key of SECRET_KEYS.
  shape(['='], /\b([\w-]{1,32}:)[A-Za-z0-9+/]{43}=/g, firstKept),
  // Access key ids of AWS; storage keys and client secrets of Azure; tokens of GitHub, Slack, and of model providers.
  shape(['AKIA', 'ASIA', 'AROA', 'AIDA'], /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, hidden),
  shape(['=='], /[A-Za-z0-9+/]{86}==/g, hidden),
  shape(['Q~'], /\b[\w.~-]{3}\dQ~[\w.~-]{31,34}/g, hidden),
  shape(['gh', 'xox', 'sk-'], /\b(?:gh[pousr]_|github_pat_|xox[abprs]-|sk-)[\w-]{20,255}/g, hidden),
  // password=…, "api_key": "…", AccountKey=…;
  shape(
    ['=', ':'],
    /([\w-]{0,40}(?:password|passwd|pwd|passphrase|secret|token|(?:api|access|account|private|master)[_-]?key)["']?\s{0,4}[=:]\s{0,4})(?:"[^"]{0,4096}"|'[^']{0,4096}'|[^\s&,;]{1,4096})/gi,
    firstKept,
  ),
  shape(['@'], /[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, () => '***@***'),
  // Cards: as printed or in one piece, not inside of longer numbers, ids and fractions, with a good check digit.
  shape(
    ['2', '3', '4', '5', '6'],
    /(?<![\w.-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g,
    (found = '') => (isCardNumber(found.replace(/\D/g, '')) ? '***' : found),
  ),
];
/** No secret that is known by its shape is shorter. */
const SHORTEST = 5;

/** The text with everything masked that has the shape of a secret. */
export function maskShapes(text: string): string {
  if (text.length < SHORTEST) return text;
  let masked = text;
  for (const { hints, pattern, mask } of SHAPES)
    if (hints.some((hint) => masked.includes(hint))) masked = masked.replace(pattern, mask);
  return masked;
}

/** First digits that issuers of payment cards have: most other long numbers begin otherwise. */
const ISSUER = /^(?:4|5[1-8]|2[2-7]|3[0-9]|6)/;

/** By issuer and check digit (Luhn); `digits` are 13 to 19. */
function isCardNumber(digits: string): boolean {
  if (!ISSUER.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighed = place % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
