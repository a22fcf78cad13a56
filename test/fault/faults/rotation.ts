import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { post } from '@fellowship/client';
import { DEMO_TENANT_ID, playerIdOf } from '@fellowship/identity';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startSide } from '../side.ts';
import { type Fault, must, sendOne, until } from '../world.ts';

const newSecret = () => randomBytes(32).toString('base64url');
/** Requests that must go well after each step of a change. */
const requests = 30;

/** The secret between a gateway and a subgraph is changed in the order that the README says. */
export const identityRotation: Fault = {
  name: 'change of IDENTITY_SECRET',
  async happen(world) {
    const { environment, stack, stage, database } = world;
    const [before, after] = [newSecret(), newSecret()];
    await using sides = new AsyncDisposableStack();
    const party = await startSide('party', { ...environment, IDENTITY_SECRET: before });
    sides.defer(() => party.stop());
    const urls = { PARTY_URL: party.url, GUILD_URL: stack.services.guild, GROUP_URL: stack.services.group };
    const gateway = await startSide('gateway', { ...environment, ...urls, IDENTITY_SECRET: before });
    sides.defer(() => gateway.stop());

    const goWell = async (step: string) => {
      const send = () => sendOne(world, stage.party, gateway.url);
      // Its breaker closes again.
      await until(`${step}: the first goes well`, async () => (await send()).outcome === 'ok');
      for (let nth = 0; nth < requests; nth += 1) {
        const { outcome, code } = await send();
        must(outcome === 'ok', `${step}: ${outcome} ${code}`);
      }
    };
    await goWell('before');
    await party.restart({ IDENTITY_SECRET: after, IDENTITY_SECRET_PREVIOUS: before });
    await goWell('the subgraph knows both');
    await gateway.restart({ IDENTITY_SECRET: after });
    await goWell('the gateway has the new one');
    await party.restart({ IDENTITY_SECRET_PREVIOUS: undefined });
    await goWell('the old one is forgotten');
    await gateway.restart({ IDENTITY_SECRET: before });
    const { outcome, code, marker } = await sendOne(world, stage.party, gateway.url);
    must(
      outcome === 'unknown' && code === 'SUBGRAPH_UNAVAILABLE',
      `With the old secret it is ${outcome} ${code}`,
    );
    must(!(await stage.party.effects(database.sql)).has(marker), 'With the old secret it was done');
    return `${requests} mutations go well after each of 3 steps; the old one is refused and does nothing`;
  },
};

const [issuer, audience] = ['https://players.example', 'fellowship'];

async function newKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256' };
  const token = () =>
    new SignJWT({ tenant: DEMO_TENANT_ID })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setSubject(playerIdOf('Jo'))
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
  return { jwk, token };
}

/** The issuer of client tokens publishes another key, signs with it, and is away later. */
export const jwksRotation: Fault = {
  name: 'change of JWKS keys',
  async happen(world) {
    const { environment, stack } = world;
    const [first, second, stranger] = await Promise.all(['1', '2', '3'].map(newKey));
    must(!!first && !!second && !!stranger, 'There are no keys');
    let published = [first.jwk];
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    must(address !== null && typeof address === 'object', 'There is no port');
    const { party, guild, group } = stack.services;
    const gateway = await startSide('gateway', {
      ...environment,
      PARTY_URL: party,
      GUILD_URL: guild,
      GROUP_URL: group,
      JWKS_URL: `http://127.0.0.1:${address.port}/keys`,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: audience,
    });
    const ask = async (token: string) => (await post(gateway.url, { query: '{ me { id } }' }, token)).status;
    const [oldToken, newToken, strange] = await Promise.all([
      first.token(),
      second.token(),
      stranger.token(),
    ]);
    must((await ask(oldToken)) === 200, 'The first key’s token is refused');
    published = [first.jwk, second.jwk];
    for (let nth = 0; nth < 20; nth += 1)
      must((await ask(strange)) === 401, 'An unknown key’s token is taken');
    must(asked === 1, `Tokens of an unknown key had the issuer asked ${asked} times`);
    return {
      checked: '20 tokens of an unknown key refused without asking the issuer again',
      async afterwards() {
        try {
          await until('the new key’s token is taken', async () => (await ask(newToken)) === 200, 45);
          must((await ask(oldToken)) === 200, 'The first key’s token is refused');
          server.closeAllConnections();
          server.close();
          await delay(100);
          must((await ask(await second.token())) === 200, 'The issuer being away, its tokens are refused');
          return `20 tokens of an unknown key did not ask the issuer again; a new key holds after the cool-down, the old one too, and both while the issuer is away (asked ${asked} times)`;
        } finally {
          server.closeAllConnections();
          server.close();
          await gateway.stop();
        }
      },
    };
  },
};
