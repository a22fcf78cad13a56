import {
  createGuessLimit,
  type GuessLimit,
  type GuessLimitOptions,
  RateLimited,
  type RateStore,
} from '@fellowship/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { countedAs } from '../address.ts';
import type { AskAsVisitor } from '../visitor.ts';
import {
  CONTENT_SECURITY_POLICY,
  type Invitation,
  invitationPage,
  notFoundPage,
  tooManyPage,
  unavailablePage,
} from './page.ts';

/** Nobody is to keep, index, frame or pass on a page whose address is a secret. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const QUERY = `query JoinPage($code: String!) {
  groupInvite(code: $code) { code groupName organizationName appUrl telegramUrl }
}`;

/** What may be a code at all, in whatever way it is written. */
const LIKELY = /^[\w -]{1,40}$/;

/**
 * `GET /groups/join/{code}`: what `Group.inviteUrl` leads to. Names the group and hands over to the app, for people
 * without a token, as the graph answers a visitor. A code that is wrong, old or no code at all is one and the same
 * 404.
 *
 * @param limit how many wrong codes one address may ask for
 */
export function joinPage(
  ask: AskAsVisitor,
  rates: RateStore,
  limit: GuessLimitOptions,
): (app: FastifyInstance) => Promise<void> {
  const guesses = createGuessLimit(rates, limit);
  return async (app) => {
    // Not `:code`: Fastify answers a parameter of more than 100 characters by itself.
    app.get<{ Params: { '*': string } }>('/groups/join/*', async (request, reply) => {
      reply.headers(HEADERS);
      try {
        const invitation = await find(guesses, ask, request, request.params['*']);
        if (invitation === null) return reply.code(404).send(notFoundPage);
        return reply.send(invitationPage(invitation));
      } catch (error) {
        return refuse(error, request, reply);
      }
    });
  };
}

function find(
  guesses: GuessLimit,
  ask: AskAsVisitor,
  request: FastifyRequest,
  code: string,
): Promise<Invitation | null> {
  const address = countedAs(request.ip);
  const lookUp = async () => {
    if (!LIKELY.test(code)) return null;
    const { data, errors } = await ask(QUERY, { code }, { requestId: request.id, address });
    if (errors) throw errors[0];
    return (data?.['groupInvite'] ?? null) as Invitation | null;
  };
  return guesses.attempt(address, lookUp, (invitation) => invitation === null);
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof RateLimited) {
    return reply.code(429).header('retry-after', error.retryAfter).send(tooManyPage);
  }
  request.log.warn({ err: error }, 'The graph could not say what a code invites to');
  return reply.code(503).header('retry-after', 60).send(unavailablePage);
}
