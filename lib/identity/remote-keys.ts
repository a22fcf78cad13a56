import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

/** Milliseconds after which the issuer is asked anew: so long a key that it withdraws goes on to hold. */
const REFRESH = 5 * 60_000;
/** Milliseconds between two questions, however many unknown keys are named meanwhile. */
const COOL_DOWN = 30_000;
/** The same while there are no keys yet, and nobody can sign in. */
const FIRST_COOL_DOWN = 1_000;
/** Milliseconds that known keys hold while the issuer does not answer. */
const KEPT = 24 * 3_600_000;

export interface RemoteKeysOptions {
  readonly url: string;
  readonly clock: () => Date;
  /** Called when the issuer's keys are others than before. */
  readonly onChange: () => void;
}

export interface RemoteKeys {
  readonly key: JWTVerifyGetKey;
  /** Whether known keys hold. Asks the issuer anew, behind whoever calls, when it is time. */
  hold(): boolean;
}

/**
 * The keys that an issuer serves as a JWKS. jose's own set keeps no known key when it is due and the issuer is away,
 * and while it is, asks again at every token; so when to ask is decided here.
 */
export function remoteKeys({ url, clock, onChange }: RemoteKeysOptions): RemoteKeys {
  const never = Number.POSITIVE_INFINITY;
  const keys = createRemoteJWKSet(new URL(url), { cacheMaxAge: never, cooldownDuration: never });
  let askedAt = -never;
  let answeredAt = -never;
  let asking: Promise<void> | undefined;
  const now = () => clock().getTime();

  async function ask(): Promise<void> {
    askedAt = now();
    const before = JSON.stringify(keys.jwks());
    await keys.reload();
    answeredAt = now();
    if (before !== undefined && before !== JSON.stringify(keys.jwks())) onChange();
  }

  /** Resolves when the issuer was asked, unless that was a moment ago. Rejects when it does not answer. */
  async function refresh(coolDown: number): Promise<void> {
    if (!asking && now() - askedAt < coolDown) return;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    await asking;
  }

  return {
    async key(header, token) {
      if (now() - answeredAt >= KEPT) await refresh(FIRST_COOL_DOWN);
      if (now() - answeredAt >= KEPT) throw new Error('The keys of the issuer can’t be had');
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        // An issuer that is away is no reason to call an unknown key anything else.
        await refresh(COOL_DOWN).catch(() => {});
        return keys(header, token);
      }
    },
    hold() {
      const age = now() - answeredAt;
      if (age >= REFRESH) void refresh(age >= KEPT ? FIRST_COOL_DOWN : COOL_DOWN).catch(() => {});
      return age < KEPT;
    },
  };
}
