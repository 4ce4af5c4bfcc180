/** Threat: a secret that stands in the middle of a message, under no telling name, is written into a log or an answer. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactText } from './redact.ts';

const JWT = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"ann"}').toString('base64url')}.c2lnbmF0dXJl`;
const PEM = `-----BEGIN EC PRIVATE KEY-----\n${'MHcCAQEE'.repeat(8)}\n-----END EC PRIVATE KEY-----`;
const KEY_64 = randomBytes(64).toString('base64');

describe('masked', () => {
  test.each([
    ['a JWT', `got ${JWT}.`, 'got ***'],
    ['a JWT without a signature', `got ${JWT.replace(/[^.]+$/, '')} here`, 'got *** here'],
    ['an API key of Aisle', 'key aisle_ab12cd34_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4 was', 'key aisle_*** was'],
    [
      'a key of SECRET_KEYS',
      `k20261121-ab12:${randomBytes(32).toString('base64')},x`,
      'k20261121-ab12:***,x',
    ],
    ['a private key', `before ${PEM} after`, 'before *** PRIVATE KEY *** after'],
    ['a private key that is cut off', `before ${PEM.slice(0, 60)}`, 'before *** PRIVATE KEY ***'],
    ['an access key id of AWS', 'id AKIAIOSFODNN7EXAMPLE.', 'id ***.'],
    ['a storage key of Azure', `x ${KEY_64} y`, 'x *** y'],
    ['a client secret of Entra', `x abc8Q~${'d'.repeat(34)} y`, 'x *** y'],
    ['a token of GitHub', `x ghp_${'a1'.repeat(18)} y`, 'x *** y'],
    [
      'a connection string of Azure',
      `AccountName=shop;AccountKey=${KEY_64};x=1`,
      'AccountName=shop;AccountKey=***;x=1',
    ],
    ['a connection string of libpq', "host=db password='a b' user=x", 'host=db password=*** user=x'],
    ['a long password', `password=${'p'.repeat(3000)} x`, 'password=*** x'],
    ['the signature of a URL', 'https://x/y?sv=1&sig=a%2Bb%3D&se=2', 'https://x/y?sv=1&sig=***&se=2'],
    [
      'a shared access signature',
      'SharedAccessSignature=sv=1&sig=ab%3D;x=1',
      'SharedAccessSignature=***&sig=***;x=1',
    ],
    [
      'a shared access key',
      'SharedAccessKeyName=root;SharedAccessKey=ab+c=;x=1',
      'SharedAccessKeyName=root;SharedAccessKey=***;x=1',
    ],
    [
      'a signature in a URL in a URL',
      '?next=https%3A%2F%2Fx%3Fsig%3Dabc%252B',
      '?next=https%3A%2F%2Fx%3Fsig%3D***',
    ],
    ['a hash of Ruby', "'password' => 'x y', 'n' => 1", "'password' => ***, 'n' => 1"],
    ['a secret key of Django', 'DJANGO_SECRET_KEY=abc x', 'DJANGO_SECRET_KEY=*** x'],
    ['a quotation that does not end', "password='a b c", 'password=***'],
    [
      'a header of a scheme of its own',
      'Authorization: ApiKey abc def\nHost: x',
      'Authorization: ApiKey ***\nHost: x',
    ],
    ['a header without a scheme', 'authorization: abcdef', 'authorization: ***'],
    ['a header in JSON', '{"Authorization":"Shop abc","n":1}', '{"Authorization":***,"n":1}'],
    [
      'a header of a digest',
      'Authorization: Digest username="ann", response="6629" x',
      'Authorization: Digest ***',
    ],
    ['a header on a command line', "curl -H 'Authorization: Shop abc' x", "curl -H 'Authorization: ***' x"],
    ['a list', 'passwords: ["a", "b]c"] x', 'passwords: *** x'],
    ['a list in a header', '{"x-api-key":["abc","def"],"n":1}', '{"x-api-key":***,"n":1}'],
    ['a short name', 'pass=hunter2 pw=x&pin=1234 otp=123456', 'pass=*** pw=***&pin=*** otp=***'],
    ['a short name in JSON', '{"jwt":"a b","pgpass":"x"}', '{"jwt":***,"pgpass":***}'],
    ['XML', '<a:password>a b</a:password> <n>1</n>', '<a:password>***</a:password> <n>1</n>'],
    ['a key of Stripe', `x sk_${'live'}_${'a1'.repeat(12)} y`, 'x *** y'],
    ['a token of GitLab', `x glpat-${'a1'.repeat(10)} y`, 'x *** y'],
    ['a key of Google', `x AIza${'a1-_b'.repeat(7)} y`, 'x *** y'],
    ['an access token of Google', `x ya29.${'a1'.repeat(20)} y`, 'x *** y'],
    ['a token of npm', `x npm_${'a1'.repeat(18)} y`, 'x *** y'],
    ['a token of Vault', `x hvs.${'a1'.repeat(12)} y`, 'x *** y'],
    ['an address in letters of other scripts', 'mail zoë@exämple.com now', 'mail ***@*** now'],
    ['an address whose name is long', `${'n'.repeat(80)}@example.com`, '***@***'],
    ['a password that begins with a bracket', 'password=[ab c', 'password=*** c'],
    ['a password of three digits', 'password=123', 'password=***'],
    ['a password that begins like a word', 'password: not-me', 'password: ***'],
    ['cookies', 'Cookie: a=b; c=d', 'Cookie: ***'],
    ['a basic credential', `basic ${Buffer.from('ann:hunter2').toString('base64')} x`, 'basic *** x'],
    ['an email address', 'mail ann.lee+x@mail.example.co.uk now', 'mail ***@*** now'],
    ['a card in one piece', 'card 4111111111111111.', 'card ***.'],
    ['a card in fours', 'card 5555 5555 5555 4444, x', 'card ***, x'],
    ['a card with hyphens', '4111-1111-1111-1111', '***'],
    ['an American Express', '3782 822463 10005', '***'],
  ])('%s', (_what, text, masked) => expect(redactText(text)).toBe(masked));
});

describe('left as it is', () => {
  test.each([
    ['an id', '4111a111-1111-4111-8111-411111111111'],
    ['an id of digits', '00000001-0000-4000-8000-000000000001'],
    ['an order number', 'SEA-2026-4111111111111111'],
    ['a number that fails the check digit', '4111111111111112'],
    ['a time in milliseconds', '1763753597000'],
    ['a fraction', '0.4111111111111111'],
    ['a longer number', '41111111111111114111111111111111'],
    ['digits in threes', '411 111 111 111 111 1'],
    ['a role', 'aisle_reader_aisle_test_0123456789abcdef'],
    ['the login role', 'role aisle_reader of the database'],
    ['basic reports', 'basic reports for all, basic configuration'],
    ['a design', 'design=plain config: none'],
    ['a package', '@azure/keyvault-secrets'],
    ['a sum of bytes', 'sha256 3f786850e387550fdab836ed7e6dc881de23001b'],
    ['what is said of a token', 'the token: is invalid'],
    ['a token that is none', '{"token": null, "secret":true}'],
    ['a setting that is switched on', 'Configure a provider or API_KEYS=on, or use HOST=127.0.0.1.'],
    ['a number in SQL', 'SELECT token = 5, secret = $1 FROM x'],
    ['a word that ends like a name', 'bypass=yes compass="n" spin=4 first pass: ok'],
    ['a placeholder', 'send <token> to the server'],
    ['a variable of npm', 'npm_package_engines_node_of_the_whole_workspace'],
    ['SQL', 'SELECT token_count, key FROM retail.orders WHERE total_amount > 10'],
  ])('%s', (_what, text) => expect(redactText(text)).toBe(text));
});

test('a secret in JSON is masked, also where that JSON is a text of JSON of its own', () => {
  const secret = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', "'", ',', '\n', '}', ':') });
  const name = fc.constantFrom(
    'password',
    'api_key',
    'AccountKey',
    'Authorization',
    'connectionString',
    'SENTRY_DSN',
  );
  fc.assert(
    fc.property(name, secret, fc.nat(2), (key, text, levels) => {
      let json = JSON.stringify({ a: 1, [key]: `${text}hunter2`, b: 'kept' });
      for (let level = 0; level < levels; level += 1) json = JSON.stringify({ body: json });
      const redacted = redactText(json);
      expect(redacted).not.toContain('hunter2');
      expect(redacted).toContain('kept');
    }),
  );
});

test('what is taken for plain at a glance is masked as it is when it is looked at in earnest', () => {
  const beginning = fc.constantFrom('', 'npm_', 'sk_live_', 'ghp_', 'password');
  const letters = fc.string({ unit: fc.constantFrom('a', 'z'), minLength: 1, maxLength: 60, size: 'max' });
  const name = fc.tuple(beginning, letters).map((parts) => parts.join(''));
  const digits = fc.stringMatching(/^[0-9]{8}(-[0-9]{4}){3}-[0-9]{12}$/);
  fc.assert(
    fc.property(fc.oneof(name, fc.uuid(), digits), (text) => {
      // With a blank behind it nothing is plain.
      expect(`${redactText(text)} `).toBe(redactText(`${text} `));
    }),
  );
});

test('any basic credential is masked', () => {
  const part = fc.stringMatching(/^[\x20-\x39\x3b-\x7e]{1,20}$/);
  fc.assert(
    fc.property(part, part, (name, password) => {
      const credential = Buffer.from(`${name}:${password}`).toString('base64');
      expect(redactText(`with Basic ${credential}`)).toBe('with Basic ***');
    }),
  );
});

test('any card number of the large issuers is masked', () => {
  const issued = fc
    .tuple(
      fc.constantFrom('4', '51', '55', '2221', '34', '37', '6011'),
      fc.array(fc.nat(9), { minLength: 15, maxLength: 15 }),
    )
    .map(([first, rest]) => withCheckDigit((first + rest.join('')).slice(0, 15)));
  fc.assert(
    fc.property(issued, (card) => {
      expect(redactText(`x ${card} y`)).toBe('x *** y');
    }),
  );
});

function withCheckDigit(digits: string): string {
  const sum = [...digits].toReversed().reduce((total, digit, place) => {
    const weighed = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

test('a secret across the end of what is kept does not show its beginning', () => {
  for (let at = 4040; at < 4100; at += 1) {
    const kept = redactText(`${'x '.repeat(2050).slice(0, at)} token=hunter2hunter2 ${'y '.repeat(100)}`);
    expect(kept).not.toContain('hunter');
    const quoted = redactText(
      `${'x '.repeat(2050).slice(0, at)} password="a hunter2 hunter3" ${'y '.repeat(100)}`,
    );
    expect(quoted).not.toContain('hunter');
  }
  const endless = redactText(`start postgres://owner:hunter2${'x'.repeat(20_000)}`);
  expect(endless).toBe('start … (20030 characters)');
});

test('no text takes long', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      '4',
      '4 ',
      '-',
      '@',
      '.',
      ':',
      '=',
      '"',
      "'",
      ' ',
      '\n',
      'eyJ',
      'eyJa.',
      'eyJ-',
      'aaaaaaaaaaaaaaaaaaaa://',
      '[',
      '</',
      '<token>',
      'ä',
      'x://',
      'a@',
      'a@b.',
      'a.',
      '\\',
      '\\"',
      '=>',
      '%3D',
      ',',
    ],
    ...[
      '-----BEGIN PRIVATE KEY-----',
      'BEGIN ',
      'password',
      'token=',
      'bearer ',
      'aisle_aaaa_',
      'AKIA',
      '1Q~',
      'sk-',
      'authorization: ',
      'cookie=',
      'basic ',
      'sig=',
      'dsn',
    ],
  );
  const text = fc
    .tuple(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.array(piece, { maxLength: 3 }))
    .map(([repeated, end]) => repeated.join('').repeat(9000).slice(0, 9000) + end.join(''));
  let slowest = 0;
  fc.assert(
    fc.property(text, (hostile) => {
      const started = process.cpuUsage();
      redactText(hostile);
      const { user, system } = process.cpuUsage(started);
      slowest = Math.max(slowest, (user + system) / 1000);
    }),
    { numRuns: 400 },
  );
  expect(slowest).toBeLessThan(200);
});
