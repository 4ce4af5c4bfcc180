/** One kind of secret as it looks in text, and what stands in its place. Quantifiers are bounded: the text may be hostile. */
type Shape = readonly [pattern: RegExp, replacement: string | ((found: string) => string)];

/** In this order: what is longer and says more of itself comes first. */
const SHAPES: readonly Shape[] = [
  // Private keys in PEM, also when the text ends before they do.
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]{0,16384}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
    '*** PRIVATE KEY ***',
  ],
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)\S{0,1000}@/gi, '$1***@'],
  [/\b(bearer|basic)\s{1,4}[\w.~+/=-]{4,4096}/gi, '$1 ***'],
  // JSON Web Tokens, signed or not.
  [/\beyJ[\w-]{5,1024}\.[\w-]{2,4096}(?:\.[\w-]{0,4096}){0,3}/g, '***'],
  // Keys of Aisle's own; its roles are called aisle_… too.
  [
    /\baisle_(?!(?:reader|writer|owner|loader|verifier)(?:_|\b))[A-Za-z0-9-]{4,16}_[\w-]{20,200}/g,
    'aisle_***',
  ],
  // id:key of SECRET_KEYS.
  [/\b([\w-]{1,32}):[A-Za-z0-9+/]{43}=/g, '$1:***'],
  // Access key ids of AWS; storage keys and client secrets of Azure; tokens of GitHub, Slack, and of model providers.
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, '***'],
  [/[A-Za-z0-9+/]{86}==/g, '***'],
  [/\b[\w.~-]{3}\dQ~[\w.~-]{31,34}/g, '***'],
  [/\b(?:gh[pousr]_|github_pat_|xox[abprs]-|sk-)[\w-]{20,255}/g, '***'],
  // password=…, "api_key": "…", AccountKey=…;
  [
    /([\w-]{0,40}(?:password|passwd|pwd|passphrase|secret|token|(?:api|access|account|private|master)[_-]?key))(["']?\s{0,4}[=:]\s{0,4})("[^"]{0,4096}"|'[^']{0,4096}'|[^\s&,;]{1,4096})/gi,
    '$1$2***',
  ],
  [/[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, '***@***'],
  // Cards: as printed or in one piece, not inside of longer numbers, ids and fractions, with a good check digit.
  [
    /(?<![\w.-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g,
    (found) => (isCardNumber(found.replace(/\D/g, '')) ? '***' : found),
  ],
];

/** The text with everything masked that has the shape of a secret. */
export function maskShapes(text: string): string {
  return SHAPES.reduce(
    (masked, [pattern, replacement]) =>
      typeof replacement === 'string'
        ? masked.replace(pattern, replacement)
        : masked.replace(pattern, replacement),
    text,
  );
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
