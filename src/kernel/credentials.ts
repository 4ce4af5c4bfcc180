import type { Permission } from './permission.ts';
import type { Role } from './role.ts';

/** Somebody in `access.subjects` who is not disabled. */
export interface KnownSubject {
  /** `access.subjects.subject_id`: a UUID. */
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Somebody whom an issuer knows, by the name that the issuer goes by here. */
interface IssuedIdentity {
  readonly issuer: string;
  /** Other names of the same issuer, under which somebody may have been stored; the issuer's own counts first. */
  readonly aliases?: readonly string[];
  /** The issuer's own id of them. */
  readonly externalId: string;
}

/** Who a verified token speaks of. */
export interface TokenIdentity extends IssuedIdentity {
  /** The token by hash, in the ways in which it may have been revoked. */
  readonly fingerprints: readonly string[];
}

/** What the database says of a token identity at the moment. */
export interface IdentityState {
  readonly revoked: boolean;
  /** `disabled`: there is such a subject, and it may not call. */
  readonly subject: KnownSubject | 'unknown' | 'disabled';
  /** Unix seconds; absent for an identity that an operator linked, whose stores no token changes. */
  readonly claimsIssuedAt?: number;
}

/** What a subject is made of when a token's claims are enough to be known. */
export interface ClaimedSubject extends IssuedIdentity {
  readonly displayName: string;
  /** Slugs or ids; `*` is all stores. What the database does not know is left out. */
  readonly stores: readonly string[];
  /** Slugs or ids. */
  readonly regions: readonly string[];
  /** Unix seconds. */
  readonly issuedAt: number;
}

export interface ApiKeyState {
  /** Eight characters: names the key in lists and logs. */
  readonly prefix: string;
  readonly name: string;
  /** Slug of the subject that it speaks for. */
  readonly subject: string;
  /** null: whatever the subject's roles allow. */
  readonly scopes: readonly Permission[] | null;
  /** Slug of the one store that it is confined to. */
  readonly store: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A key that is neither revoked nor expired, as it is checked. */
export interface ApiKeyRecord extends KnownSubject {
  readonly prefix: string;
  readonly secretHash: Buffer;
  readonly hashKeyId: string;
  readonly scopes: readonly Permission[] | null;
  /** `store_id`. */
  readonly store: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
}

export interface NewApiKey {
  readonly prefix: string;
  readonly name: string;
  /** Slug or id of a subject. */
  readonly subject: string;
  readonly secretHash: Buffer;
  readonly hashKeyId: string;
  readonly scopes: readonly Permission[] | null;
  /** Slug or id of a store that the subject sees. */
  readonly store: string | null;
  readonly expiresAt: Date | null;
}

export interface LinkedIdentity {
  readonly issuer: string;
  readonly externalId: string;
  /** Slug. */
  readonly subject: string;
  /** Whether it was made of a token's claims, and not linked by an operator. */
  readonly provisioned: boolean;
}

/** What authentication asks of the database, call by call. */
export interface CredentialLookup {
  stateOf(identity: TokenIdentity): Promise<IdentityState>;
  /**
   * Makes the subject where there is none, and its stores those of the claims where these are newer than what it has.
   * An older token changes nothing, and one of somebody who was made before and unlinked makes nobody.
   */
  provision(claimed: ClaimedSubject): Promise<void>;
  /** Undefined when there is none, or it is revoked or expired, or its subject is disabled. */
  findApiKey(prefix: string): Promise<ApiKeyRecord | undefined>;
  /** Notes that it is in use, at most once a minute. */
  touchApiKey(prefix: string): Promise<void>;
}

/** What an operator does with credentials. Throws `ValidationError` for what there is not. */
export interface CredentialStore extends CredentialLookup {
  createApiKey(key: NewApiKey): Promise<void>;
  /** Newest first; no secrets. */
  listApiKeys(): Promise<readonly ApiKeyState[]>;
  revokeApiKey(prefix: string): Promise<void>;
  /** The tokens of these fingerprints count no more. What has expired is forgotten. */
  revokeTokens(fingerprints: readonly string[], expiresAt: Date): Promise<void>;
  /** The slug of the other subject whose it was until now, if it was anybody's. */
  linkIdentity(identity: Omit<LinkedIdentity, 'provisioned'>): Promise<string | undefined>;
  unlinkIdentity(issuer: string, externalId: string): Promise<void>;
  listIdentities(): Promise<readonly LinkedIdentity[]>;
}
