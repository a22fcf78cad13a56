import { errors } from 'jose';

/** A token that is refused. The message names what is wrong and holds nothing of the token: safe to show. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';
}

/**
 * What jose threw, as the `InvalidToken` to answer with. Anything that is not the token's fault (the issuer's
 * key set can't be fetched, a key that does not load) comes back as it is: it is an outage, not a denial.
 */
export function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new InvalidToken('Token expired');
  if (error instanceof errors.JWTClaimValidationFailed) return refusedClaim(error);
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new InvalidToken('Token signature is not valid');
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return new InvalidToken('Token algorithm is not allowed');
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return new InvalidToken('Token is not signed by a known key');
  }
  if (
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return new InvalidToken('Token is malformed');
  }
  return error;
}

function refusedClaim(error: errors.JWTClaimValidationFailed): InvalidToken {
  if (error.claim === 'nbf') return new InvalidToken('Token is not valid yet');
  const fault = error.reason === 'missing' ? 'is missing' : 'is not valid';
  return new InvalidToken(`Token claim "${error.claim}" ${fault}`);
}
