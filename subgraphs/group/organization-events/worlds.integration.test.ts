import type { Viewer } from '@fellowship/identity';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { codesOf, startGroup, type TestGroup, times } from '../testing.fixture.ts';

// Random worlds, and on each of them every way to an event against one plain function: who sees what.

let app: TestGroup;
beforeAll(async () => {
  app = await startGroup();
});
afterAll(() => app.close());

const players = times(5).map(() => viewer());
const groupCount = 3;

/** What a player is in the organization, and in which groups; null: a stranger. */
type Standing = { role: 'OWNER' | 'MODERATOR' | 'MEMBER'; groups: readonly number[] } | null;

/** The rule, as plainly as it can be said. */
function sees(standing: Standing, event: { isPublic: boolean; groups: readonly number[] }): boolean {
  if (standing === null) return false;
  if (standing.role !== 'MEMBER' || event.isPublic) return true;
  return event.groups.some((group) => standing.groups.includes(group));
}

const someGroups = fc.subarray(times(groupCount));
const standing = fc.option(
  fc.record({ role: fc.constantFrom('MODERATOR' as const, 'MEMBER' as const), groups: someGroups }),
  { freq: 6 },
);
const event = fc.record({ isPublic: fc.boolean(), groups: someGroups });
const world = fc.record({
  others: fc.array(standing, { minLength: players.length - 1, maxLength: players.length - 1 }),
  events: fc.array(event, { minLength: 1, maxLength: 5 }),
  /** Who leaves which group, and which group is deleted, once all stands. */
  leaves: fc.array(
    fc.record({ player: fc.integer({ min: 1, max: 4 }), group: fc.integer({ min: 0, max: 2 }) }),
    {
      maxLength: 6,
    },
  ),
  deleted: fc.option(fc.integer({ min: 0, max: groupCount - 1 })),
});

test('list, id, entity, group, registration and subscription agree with the rule', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ others, events, leaves, deleted }) => {
      const standings: Standing[] = [{ role: 'OWNER', groups: [] }, ...others];
      const made = await make(standings, events);
      for (const as of players)
        for (const organizationEventId of made.eventIds) await app.register(as, { organizationEventId });
      for (const each of leaves) await leave(made, standings, each);
      if (deleted !== null) events = await remove(made, standings, events, deleted);
      await app.expectSound();
      const told = await listen(made, standings);
      for (const id of made.eventIds) {
        const input = { organizationEventId: id, description: 'Touched' };
        expect((await app.changeEvent(made.owner, input)).errors).toEqual([]);
      }
      const heard = await told();
      for (const [index, as] of players.entries()) {
        const at = standings[index] ?? null;
        const visible = made.eventIds.filter((_, n) => sees(at, events[n] ?? nothing));
        await compare(made, as, visible, events, at);
        expect(heard[index], 'heard').toEqual(visible);
      }
      await app.expectSound();
    }),
    { numRuns: 40 },
  );
});

type World = Awaited<ReturnType<typeof make>>;
type Made = readonly { isPublic: boolean; groups: readonly number[] }[];
const nothing = { isPublic: false, groups: [] };

async function make(standings: readonly Standing[], events: Made) {
  const [owner = viewer()] = players;
  const organizationId = await app.organizationOf(owner);
  const groups = [];
  for (const _ of times(groupCount)) groups.push(await app.groupOf(owner, organizationId));
  for (const [index, as] of players.entries()) {
    const at = standings[index] ?? null;
    if (at === null) continue;
    const about = { organizationId, playerId: as.playerId };
    if (at.role !== 'OWNER') await app.addMember(owner, about);
    if (at.role === 'MODERATOR') await app.setRole(owner, { ...about, role: 'MODERATOR' });
    for (const group of at.groups) await app.join(as, { code: groups[group]?.inviteCode });
  }
  const groupIds = groups.map(({ id }) => id);
  const eventIds: string[] = [];
  for (const { isPublic, groups } of events) {
    const startsAt = new Date(Date.now() + 3_600_000 + eventIds.length);
    const bound = groups.map((group) => groupIds[group]);
    eventIds.push(
      await app.eventOf(owner, organizationId, { isPublic, groupIds: bound, startsAt, capacity: 2 }),
    );
  }
  return { owner, organizationId, groupIds, eventIds };
}

async function leave(
  { groupIds }: World,
  standings: Standing[],
  { player, group }: { player: number; group: number },
): Promise<void> {
  const [as, at] = [players[player], standings[player]];
  if (!as || !at?.groups.includes(group)) return;
  await app.leave(as, { groupId: groupIds[group] });
  standings[player] = { ...at, groups: at.groups.filter((other) => other !== group) };
}

/** Deletes a group: its events stay, public unless bound to another. */
async function remove(
  { owner, groupIds }: World,
  standings: Standing[],
  events: Made,
  group: number,
): Promise<{ isPublic: boolean; groups: number[] }[]> {
  await app.delete(owner, { groupId: groupIds[group] });
  groupIds[group] = '';
  for (const [index, at] of standings.entries()) {
    if (at) standings[index] = { ...at, groups: at.groups.filter((other) => other !== group) };
  }
  return events.map(({ isPublic, groups }) => {
    const left = groups.filter((other) => other !== group);
    return { isPublic: isPublic || (left.length === 0 && groups.length > 0), groups: left };
  });
}

const byId = 'query ($id: ID!) { organizationEvent(id: $id) { id } }';
const byEntity = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on OrganizationEvent { id } } }`;
const byList = 'query ($id: ID!) { organization(id: $id) { events { nodes { id } } } }';
const byGroup = 'query ($id: ID!) { group(id: $id) { events { nodes { id } } } }';

async function compare(
  { organizationId, groupIds, eventIds }: World,
  as: Viewer,
  visible: readonly string[],
  events: Made,
  at: Standing,
): Promise<void> {
  const { organization } = await app.run(as, byList, { id: organizationId });
  expect(organization?.events.nodes.map(({ id }: Data) => id) ?? [], 'list').toEqual(visible);
  for (const [group, id] of groupIds.entries()) {
    const seen = at && (at.role !== 'MEMBER' || at.groups.includes(group)) && id !== '';
    const bound = eventIds.filter((_, index) => events[index]?.groups.includes(group));
    const answer = await app.run(as, byGroup, { id });
    expect(answer.group?.events.nodes.map(({ id }: Data) => id) ?? null, 'group').toEqual(
      seen ? bound : null,
    );
  }
  const r = eventIds.map((id) => ({ __typename: 'OrganizationEvent', id }));
  const { _entities } = await app.run(as, byEntity, { r });
  expect(_entities.map((entity: Data) => entity?.id).filter(Boolean), 'entity').toEqual(visible);
  for (const id of eventIds) {
    const isSeen = visible.includes(id);
    const { organizationEvent } = await app.run(as, byId, { id });
    expect(organizationEvent?.id ?? null, 'id').toBe(isSeen ? id : null);
    const { errors } = await app.register(as, { organizationEventId: id });
    expect(codesOf({ errors }).includes('EVENT_NOT_FOUND'), 'registration').toBe(!isSeen);
  }
}

const field = '__typename ... on OrganizationEventUpdated { organizationEvent { id } }';

/**
 * Opens every subscription that each player may have. Then: what each heard of events, in all of them, up to a last
 * word in every log. Hearing of an event that one can't see is a failure, even without its name.
 */
async function listen({ owner, organizationId, groupIds }: World, standings: readonly Standing[]) {
  const logs = [
    { id: organizationId, of: 'organization', last: 'OrganizationUpdated' },
    ...groupIds.filter((id) => id !== '').map((id) => ({ id, of: 'group', last: 'GroupUpdated' })),
  ];
  const open = players.map(async (as, index) => {
    if (!standings[index]) return [];
    const streams = [];
    for (const { id, of, last } of logs) {
      const page = `query ($id: ID!) { log: ${of}(id: $id) { activity(first: 1) { nodes { cursor } } } }`;
      const { log } = await app.run(as, page, { id });
      if (log === null) continue;
      const after = log.activity.nodes[0].cursor;
      const source = `subscription ($id: ID!, $after: String) { event: ${of}Activity(${of}Id: $id, after: $after) { ${field} } }`;
      streams.push({ events: await app.subscribe(as, source, { id, after }), last, id, of });
    }
    return streams;
  });
  const opened = await Promise.all(open);
  return async () => {
    for (const { id, of } of logs.slice(1)) await app.change(owner, { [`${of}Id`]: id, name: 'Last word' });
    await app.changeOrganization(owner, { organizationId, name: 'Last word' });
    return Promise.all(
      opened.map(async (streams) => {
        const heard = new Set<string>();
        for (const { events, last } of streams) {
          for await (const { data } of events) {
            const event = (data as Data).event;
            if (event.__typename === last) break;
            if (event.__typename !== 'OrganizationEventUpdated') continue;
            expect(event.organizationEvent, 'told of what is not seen').not.toBeNull();
            heard.add(event.organizationEvent.id);
          }
        }
        return [...heard].sort();
      }),
    );
  };
}
