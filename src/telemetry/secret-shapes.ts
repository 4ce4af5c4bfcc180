/** One kind of secret as it looks in text, and what stands in its place. */
interface Shape {
  /** A text without it, or without any of these, holds no such secret: most texts are done after a look for them. */
  readonly hint: RegExp | readonly string[];
  /** Quantifiers are bounded: the text may be hostile. */
  readonly pattern: RegExp;
  readonly mask: (...groups: string[]) => string;
}

function shape(hint: Shape['hint'], pattern: RegExp, mask: Shape['mask']): Shape {
  return { hint, pattern, mask };
}

const hidden = () => '***';
const firstKept = (_found: string, first = '') => `${first}***`;

/** A name's closing quotation mark, behind as many backslashes as the JSON was written into strings again. */
const QUOTE = String.raw`\\{0,7}["']`;
/** From one quotation mark to the next one like it; of a text that ends before, all of it. */
const QUOTED = String.raw`(?<slashes>\\{0,7})(?<quote>["'])[^]{0,8192}?(?:(?<!\\)\k<slashes>\k<quote>|$)`;

/** A list of such. Its end is optional, so that nothing is tried a second time. */
const LIST = String.raw`\[(?=\s{0,32}\\{0,7}["'])(?:[^\]"'\\]|${QUOTED}){0,4096}\]?`;

/** `name=value`, `"name": value`, `name => value`, and `name%3Dvalue` in URLs. Looks for what separates them, which is rarer than letters. */
function assigned(names: string, value: string, kept = ''): RegExp {
  const separator = '(?:={1,2}>?|:|%3[ad])';
  return new RegExp(
    String.raw`((?=[=:%])(?<=(?:${names})(?:${QUOTE})?\s{0,4})${separator}\s{0,4}${kept})(?:${QUOTED}|${LIST}|${value})`,
    'gi',
  );
}

const SECRET_NAMES = [
  ...[
    'passwords?',
    'passwd',
    'pwd',
    'passphrase',
    'secrets?',
    'token',
    'credentials?',
    'signature',
    String.raw`(?:\b|%[0-9a-f]{2})sig`,
  ],
  ...['(?:api|access|account|private|master|secret|shared|subscription|signing|encryption)[_-]?keys?'],
  ...['connection[_-]?strings?', '(?<![a-z])dsn'],
  // Words of other meanings too: only as `pass=` and `"pass"`.
  String.raw`(?<![a-z])(?:(?:pg)?pass|pw|pin|otp|jwt)(?=[=\\"'])`,
].join('|');
/** What no secret is: `token: is invalid`, `"token": null`, `WHERE token = 5`, `password = $1`. */
const NO_SECRET = String.raw`(?!(?<=:\s)(?:is|was|has|must|cannot|could|not)\s|(?:none|null|undefined|true|false|on|off|\$?\d{1,2})(?:[\s&,;)\]}]|$))`;

/** In this order: what is longer and says more of itself comes first. */
const SHAPES: readonly Shape[] = [
  // Private keys in PEM, also when the text ends before they do.
  shape(
    ['PRIVATE KEY'],
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]{0,16384}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
    () => '*** PRIVATE KEY ***',
  ),
  // Of a URL everything to the last @. Whole words are taken, so that none is looked through twice.
  shape(['://'], /:\/\/\S{1,8192}/g, (found = '') => {
    const at = found.lastIndexOf('@');
    return at < 0 ? found : `://***${found.slice(at)}`;
  }),
  // Headers: of any scheme, to the end of the line.
  shape(
    /authorization|cookie/i,
    assigned(
      'authorization|cookie',
      String.raw`(?:[^\r\n"'\\]|(?<==)\\{0,7}"[^"\r\n]{0,1024}"){1,4096}`,
      String.raw`(?:(?:bearer|basic|digest|negotiate|api-?key|token)\s{1,4}(?=\S))?`,
    ),
    firstKept,
  ),
  shape(/bearer/i, /\b(bearer)\s{1,4}[\w.~+/=-]{4,4096}/gi, (_, scheme = '') => `${scheme} ***`),
  shape(/basic/i, /\b(basic)\s{1,4}([\w+/=-]{4,4096})/gi, (found = '', scheme = '', credential = '') =>
    isBasicCredential(credential) ? `${scheme} ***` : found,
  ),
  // JSON Web Tokens, signed or not. What turns out to be none is taken too, so that it isn't looked through again.
  shape(['eyJ'], /\beyJ[\w-]{5,4096}(?:\.[\w-]{2,4096}(?:\.[\w-]{0,4096}){0,3})?/g, (found = '') =>
    found.includes('.') ? '***' : found,
  ),
  // Keys of Aisle's own; its roles are called aisle_… too.
  shape(
    ['aisle_'],
    /\baisle_(?!(?:reader|writer|owner|loader|verifier|masker|auditor|audit)(?:_|\b))[A-Za-z0-9-]{4,16}_[\w-]{20,200}/g,
    () => 'aisle_***',
  ),
  // id:key of SECRET_KEYS.
  shape([':'], /(?<=[\w-]):[A-Za-z0-9+/]{43}=/g, () => ':***'),
  // Access key ids of AWS; storage keys and client secrets of Azure; tokens of GitHub, Slack, and of model providers.
  shape(/A(?:KI|SI|RO|ID)A/, /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, hidden),
  shape(['=='], /[A-Za-z0-9+/]{86}==/g, hidden),
  shape(['Q~'], /\b[\w.~-]{3}\dQ~[\w.~-]{31,34}/g, hidden),
  shape(/gh[pousr]_|_pat_|xox|sk-/, /\b(?:gh[pousr]_|github_pat_|xox[abprs]-|sk-)[\w-]{20,255}/g, hidden),
  // Of GitLab, Vault, Google, Stripe and npm.
  shape(
    ['glpat-', 'hvs.', 'ya29.', 'AIza', 'k_live_', 'npm_'],
    /\b(?:(?:glpat-|hvs\.|ya29\.)[\w-]{20,1024}|AIza[\w-]{35}|[sr]k_live_[A-Za-z0-9]{16,255}|npm_[A-Za-z0-9]{36})/g,
    hidden,
  ),
  // <password>…</password>
  shape(['</'], new RegExp(`(<(?:\\w{1,32}:)?(?:${SECRET_NAMES})>)[^<]{1,4096}(?=</)`, 'gi'), firstKept),
  // password=…, "api_key": "…", {\"token\":\"…\"}, AccountKey=…; ?sig=…
  shape(/[=:]|%3[ad]/i, assigned(SECRET_NAMES, String.raw`${NO_SECRET}[^\s&,;]{1,4096}`), firstKept),
  // Only from where a word begins: within it, each letter would be looked at anew.
  shape(
    ['@'],
    /(?<![\p{L}\p{M}\w.+%-])[\p{L}\p{M}\w.+%-]{1,8192}@[\p{L}\p{M}\w-]{1,63}(?:\.[\p{L}\p{M}\w-]{1,63}){1,8}/gu,
    () => '***@***',
  ),
  // Cards: as printed or in one piece, not inside of longer numbers, ids and fractions, with a good check digit.
  shape(
    /\d{4}[ -]?\d{4}/,
    /(?<![\w.-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g,
    (found = '') => (isCardNumber(found.replace(/\D/g, '')) ? '***' : found),
  ),
];
/** No secret that is known by its shape is shorter. */
const SHORTEST = 5;
/** What most texts in logs are and no secret is: a short name in small letters, and a UUID. One look in place of one a shape. */
const PLAIN = /^(?:[a-z_]{1,20}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The text with everything masked that has the shape of a secret. */
export function maskShapes(text: string): string {
  if (text.length < SHORTEST || PLAIN.test(text)) return text;
  let masked = text;
  for (const { hint, pattern, mask } of SHAPES)
    if (isHinted(masked, hint)) masked = masked.replace(pattern, mask);
  return masked;
}

function isHinted(text: string, hint: Shape['hint']): boolean {
  return hint instanceof RegExp ? hint.test(text) : hint.some((piece) => text.includes(piece));
}

/** A name and a password with a colon between them, in base64: not "basic reports". */
function isBasicCredential(text: string): boolean {
  const decoded = Buffer.from(text, 'base64');
  return decoded.includes(':') && decoded.every((byte) => byte >= 0x20 && byte !== 0x7f);
}

/** First digits that issuers of payment cards have: most other long numbers begin otherwise. */
const ISSUER = /^(?:4|5[1-8]|2[2-7]|3[0-9]|6)/;

/** By length, issuer and check digit (Luhn). */
export function isCardNumber(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || !ISSUER.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighed = place % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
