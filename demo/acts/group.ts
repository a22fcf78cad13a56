import type { Data } from '@fellowship/client';
import { granted, type Player, refused, type Stage } from '../stage.ts';

/** Bea runs an organization with two private groups; Cyd and Dan join one each, and an event is for one alone. */
export async function group(stage: Stage, [, bea, cyd, dan]: readonly Player[]): Promise<void> {
  if (!bea || !cyd || !dan) throw new Error('The group needs four players');
  stage.tell('Bea opens an organization with a private group and watches it.');
  const { organization } = granted(
    await bea.mutate('organizationCreate', { name: 'The Guildhall' }, 'organization { id }'),
  );
  const organizationId = organization.id;
  const council = await groupOf(bea, organizationId, 'Council');
  const watch = await stage.watch(
    bea,
    'subscription ($groupId: ID!) { groupActivity(groupId: $groupId) { __typename actor { id } } }',
    { groupId: council.id },
  );

  const { inviteCode, inviteUrl } = council;
  stage.tell(`Cyd is told the code ${inviteCode} (${inviteUrl}) and joins.`);
  await expectPage(inviteUrl, 'Council');
  granted(await cyd.mutate('groupJoin', { code: inviteCode.toLowerCase() }, 'group { name }'));
  await watch.saw('GroupMemberAdded');
  await privateEvent(stage, { bea, cyd, dan }, organizationId, council.id);
}

/** An event of the council: Cyd, who is in it, comes; Dan, who is in another group, does not see it. */
async function privateEvent(
  stage: Stage,
  { bea, cyd, dan }: Readonly<Record<'bea' | 'cyd' | 'dan', Player>>,
  organizationId: string,
  councilId: string,
): Promise<void> {
  stage.tell('Dan joins another group of the organization, and watches what he may.');
  const heralds = await groupOf(bea, organizationId, 'Heralds');
  granted(await dan.mutate('groupJoin', { code: heralds.inviteCode }, 'group { name }'));
  const watch = await stage.watch(
    dan,
    `subscription ($organizationId: ID!) { organizationActivity(organizationId: $organizationId) {
      __typename ... on OrganizationEventUpdated { organizationEvent { name } }
    } }`,
    { organizationId },
  );

  stage.tell('Bea calls the council to a supper for one: Cyd takes the place, Bea waits, Dan sees nothing.');
  const supper = granted(
    await bea.mutate(
      'organizationEventCreate',
      { organizationId, name: 'Supper', groupIds: [councilId], capacity: 1, ...tomorrow() },
      'organizationEvent { id }',
    ),
  ).organizationEvent;
  const register = (player: Player) =>
    player.mutate('organizationEventRegister', { organizationEventId: supper.id }, 'registration { status }');
  for (const player of [cyd, bea]) {
    const { status } = granted(await register(player)).registration;
    console.log(`   ${player.name}: ${status}`);
  }
  console.log(`   Dan: ${refused(await register(dan), 'EVENT_NOT_FOUND')}`);
  await expectEvents(dan, organizationId, []);

  stage.tell(
    'The council is deleted: the supper stays, public now. Who only saw it through the council still does.',
  );
  granted(await bea.mutate('groupDelete', { groupId: councilId }, 'group { id }'));
  await watch.saw('OrganizationEventUpdated');
  for (const player of [cyd, dan]) await expectEvents(player, organizationId, ['Supper']);
  console.log(`   Dan: ${granted(await register(dan)).registration.status}`);
}

async function groupOf(by: Player, organizationId: string, name: string): Promise<Data> {
  const fields = 'group { id inviteCode inviteUrl }';
  return granted(await by.mutate('groupCreate', { organizationId, name }, fields)).group;
}

const tomorrow = () => ({
  startsAt: new Date(Date.now() + 24 * 3_600_000),
  endsAt: new Date(Date.now() + 26 * 3_600_000),
  timeZone: 'Europe/Berlin',
});

async function expectPage(url: string, name: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || !(await response.text()).includes(name)) {
    throw new Error(`${url} does not name ${name}: HTTP ${response.status}`);
  }
}

async function expectEvents(player: Player, id: string, names: readonly string[]): Promise<void> {
  const query = 'query ($id: ID!) { organization(id: $id) { events { nodes { name } } } }';
  const { organization } = await player.run(query, { id });
  const seen = organization.events.nodes.map(({ name }: Data) => name);
  if (JSON.stringify(seen) !== JSON.stringify(names)) throw new Error(`${player.name} sees ${seen}`);
}
