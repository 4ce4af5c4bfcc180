import { AuthorizationError, InvalidCredentialError } from '../kernel/errors.ts';
import { ROLES, type Role } from '../kernel/role.ts';
import type { ClaimMapping } from './claim-mapping.ts';
import { isEntra } from './entra.ts';

/** What the claims of a verified token come to. */
export interface ClaimedIdentity {
  readonly externalId: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Slugs or ids, as claimed. */
  readonly stores: readonly string[];
  readonly regions: readonly string[];
  /** What the token was issued for; absent for an application that speaks for itself and was asked for no scopes. */
  readonly scopes?: ReadonlySet<string>;
  /** The application that acts. */
  readonly client?: string;
}

type Claims = Readonly<Record<string, unknown>>;

const MAX_TEXT = 300;
/** Control characters, of which PostgreSQL stores no NUL, and halves of characters, which it would store all alike. */
const UNSOUND = /[\p{Cc}\p{Cs}]/u;

/** Whether a claim of this text is read at all: an id that is not is nobody's. */
export function isReadable(text: string): boolean {
  return text !== '' && text.length <= MAX_TEXT && !UNSOUND.test(text);
}

/**
 * The one mapping of claims, pure. A token without scopes may do nothing, unless it is an application's own, for which
 * nobody was asked to consent. Texts with control characters count for nothing. Throws `InvalidCredentialError` where nobody
 * is named or by what is no id, `AuthorizationError` where groups count and the token has none because there were too many.
 */
export function claimedIdentity(claims: Claims, mapping: ClaimMapping): ClaimedIdentity {
  refuseUnsoundSubject(claims, mapping);
  const externalId = firstText(claims, mapping.subject);
  if (externalId === undefined)
    throw new InvalidCredentialError(
      `The token names nobody: it has none of the claims ${mapping.subject.join(', ')}.`,
    );
  refuseGroupsOverage(claims, mapping);
  const claimed = allTexts(claims, mapping.roles);
  const client = firstText(claims, ['client_id', 'azp', 'appid']);
  const scopes = scopesOf(claims, mapping.scopePrefix);
  return {
    externalId,
    name: firstText(claims, mapping.name) ?? externalId,
    roles: ROLES.filter((role) => claimed.some((name) => (mapping.roleNames.get(name) ?? name) === role)),
    stores: allTexts(claims, mapping.stores),
    regions: allTexts(claims, mapping.regions),
    ...(scopes !== undefined
      ? { scopes }
      : !isApplicationsOwn(claims, client) && { scopes: new Set<string>() }),
    ...(client !== undefined && { client }),
  };
}

/** `scope` of RFC 9068, `scp` of Entra ID and others: words in one text, or a list. */
function scopesOf(claims: Claims, prefix: string): ReadonlySet<string> | undefined {
  if (claims.scope === undefined && claims.scp === undefined) return undefined;
  const words = textsOf([claims.scope, claims.scp].flat().flatMap(wordsOf));
  return new Set(words.map((word) => (word.startsWith(prefix) ? word.slice(prefix.length) : word)));
}

function wordsOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(' ') : [];
}

/** Passing it over would make somebody else of whoever the next claim names. */
function refuseUnsoundSubject(claims: Claims, { subject }: ClaimMapping): void {
  const unsound = subject.find((name) => ![claimAt(claims, name) ?? []].flat().every(isSound));
  if (unsound !== undefined)
    throw new InvalidCredentialError(
      `The claim ${unsound} of the token is nobody's id: it must be a text of 1 to ${MAX_TEXT} characters, without control characters.`,
    );
}

function isSound(value: unknown): value is string {
  return typeof value === 'string' && isReadable(value);
}

/**
 * By the client credentials grant: RFC 9068 makes the client the subject; Entra ID says so, or has one id in both claims and
 * no person's name. Elsewhere the two may be one for people too.
 */
function isApplicationsOwn({ iss, idtyp, sub, oid, ...claims }: Claims, client: string | undefined): boolean {
  if (isEntra(iss)) {
    if (idtyp !== undefined) return idtyp === 'app';
    return sub !== undefined && sub === oid && PERSONAL.every((name) => claims[name] === undefined);
  }
  return sub !== undefined && sub === client && PERSONAL.every((name) => claims[name] === undefined);
}

const PERSONAL = ['name', 'email', 'preferred_username', 'upn', 'given_name', 'family_name'];

/** Entra ID leaves out the groups of whoever is in more than 200, and says where to ask for them instead. */
function refuseGroupsOverage(claims: Claims, { roles }: ClaimMapping): void {
  const { groups, hasgroups, _claim_names: elsewhere } = claims;
  const left = hasgroups === true || (isRecord(elsewhere) && Object.hasOwn(elsewhere, 'groups'));
  if (left && groups === undefined && roles.includes('groups'))
    throw new AuthorizationError(
      'You are in more groups than a token holds (groups overage), so your roles can not be told. Ask your administrator for app roles, or to have only the groups assigned to the application put into tokens.',
    );
}

function firstText(claims: Claims, names: readonly string[]): string | undefined {
  return names.flatMap((name) => textsOf(claimAt(claims, name)))[0];
}

function allTexts(claims: Claims, names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => textsOf(claimAt(claims, name))))];
}

function textsOf(value: unknown): readonly string[] {
  return [value].flat().filter(isSound);
}

/** A claim by its name, or by the path to it: `realm_access.roles`. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.'))
    value = isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  return value;
}

function isRecord(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
