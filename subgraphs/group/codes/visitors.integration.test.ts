import { randomUUID } from 'node:crypto';
import { visitorUntil } from '@fellowship/identity';
import { createLog } from '@fellowship/server';
import { graphql } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/kit/database.ts';
import { type Data, tenantA, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { createSubgraph } from '../server.ts';

// On a database that belongs to a plain role, as an operator's does: a superuser would not be held by the policies.
let database: TestDatabase;
let subgraph: Awaited<ReturnType<typeof createSubgraph>>;
const owner = `owner_${randomUUID().replaceAll('-', '')}`;
const visitor = visitorUntil(new Date(Date.now() + 60_000));
const codes = new Map<string, string>();

beforeAll(async () => {
  database = await createDatabase();
  const { sql } = database;
  await sql.unsafe(`
    do $$ begin create role fellowship_service nologin; exception when duplicate_object or unique_violation then null; end $$;
    create role ${owner} login password 'test';
    grant fellowship_service to ${owner};
    alter database ${new URL(database.url).pathname.slice(1)} owner to ${owner}`);
  const url = new URL(database.url);
  Object.assign(url, { username: owner, password: 'test' });
  const log = createLog({ name: 'group', level: 'silent' });
  subgraph = await createSubgraph({ url: url.href, migrationUrl: url.href, log });
  for (const tenantId of [tenantA, tenantB]) {
    const as = viewer({ tenantId });
    const { organizationCreate } = await run(
      as,
      `mutation { organizationCreate(input: { name: "League of ${tenantId}" }) { organization { id } } }`,
    );
    const { groupCreate } = await run(
      as,
      `mutation ($id: ID!) { groupCreate(input: { organizationId: $id, name: "Circle of ${tenantId}" }) { group { inviteCode } } }`,
      { id: organizationCreate.organization.id },
    );
    codes.set(tenantId, groupCreate.group.inviteCode);
  }
});
afterAll(async () => {
  await subgraph?.close();
  await database.sql.unsafe(`reassign owned by ${owner} to current_user; drop owned by ${owner}`);
  await database.drop();
});

async function run(
  as: ReturnType<typeof viewer>,
  source: string,
  variableValues: object = {},
): Promise<Data> {
  const contextValue = subgraph.context(as, 'test');
  const { data, errors } = await graphql({
    schema: subgraph.schema,
    source,
    contextValue,
    variableValues: { ...variableValues },
  });
  if (errors) throw errors[0];
  return data;
}

const preview = (as: ReturnType<typeof viewer>, code: string | undefined) =>
  run(as, 'query ($code: String!) { groupInvite(code: $code) { groupName organizationName } }', { code });

describe('a visitor, who has no tenant', () => {
  test('reads what a code of any tenant invites to', async () => {
    for (const [tenantId, code] of codes) {
      const names = { groupName: `Circle of ${tenantId}`, organizationName: `League of ${tenantId}` };
      expect(await preview(visitor, code)).toEqual({ groupInvite: names });
    }
    expect(await preview(visitor, 'ZZZZZZZZ')).toEqual({ groupInvite: null });
    expect(await preview(visitor, 'no code')).toEqual({ groupInvite: null });
  });

  test('a player reads those of their own tenant alone', async () => {
    expect(await preview(viewer(), codes.get(tenantA))).toMatchObject({
      groupInvite: { groupName: `Circle of ${tenantA}` },
    });
    expect(await preview(viewer(), codes.get(tenantB))).toEqual({ groupInvite: null });
  });
});

describe('in the database', () => {
  const countAs = async (role: string, setting = '') => {
    const [row] = await database.sql.begin(async (tx) => {
      await tx.unsafe(`set local role ${role}; ${setting}`);
      return tx`
        select (select count(*)::int from social_group.groups) as groups,
          (select count(*)::int from social_group.organizations) as organizations`;
    });
    return row;
  };
  const none = { groups: 0, organizations: 0 };

  test('the service reads no group without a tenant, whatever it sets', async () => {
    expect(await countAs('fellowship_service')).toEqual(none);
    expect(await countAs('fellowship_service', `set local app.finds_codes = 'on'`)).toEqual(none);
  });

  test('the function leaves no door open behind it', async () => {
    const call = `select social_group.invitation('${codes.get(tenantA)}')`;
    expect(await countAs(owner)).toEqual(none);
    expect(await countAs(owner, call)).toEqual(none);
    expect(await countAs('fellowship_service', call)).toEqual(none);
  });
});
