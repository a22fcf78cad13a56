import { GraphQLError } from 'graphql';

/** The error RATE_LIMITED. */
export class RateLimited extends GraphQLError {
  /** Whole seconds until there is something left again, at least 1. Clients see it as `extensions.retryAfter`. */
  readonly retryAfter: number;

  /** @param what there was too much of: `requests` */
  constructor(what: string, retryAfter: number) {
    super(`Too many ${what}: try again in ${retryAfter} s`, {
      extensions: { code: 'RATE_LIMITED', retryAfter },
    });
    this.retryAfter = retryAfter;
  }
}
