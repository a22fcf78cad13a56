import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { denyIf } from '../denials.ts';
import { tellGroup, tellOrganization } from '../events.ts';
import { groupIdsOfOrganization } from '../groups/queries.ts';
import type {
  OrganizationCreateInput,
  OrganizationDeleteInput,
  OrganizationUpdateInput,
} from '../schema.generated.ts';
import {
  eventGroups,
  groupMembers,
  groups,
  organizationEvents,
  organizationMembers,
  organizations,
  registrations,
} from '../tables/index.ts';
import { changesFrom, descriptionFrom, nameFrom } from '../texts.ts';
import { mayDelete, mayModerate } from './rules.ts';
import { enterOrganization } from './state.ts';

/** Creates an organization that the viewer owns. Returns its id, here and below. */
export const createOrganization = (context: Context, input: OrganizationCreateInput): Promise<string> =>
  context.command('organizationCreate', input, async (tx) => {
    const { playerId } = context.viewer;
    const id = context.newId();
    await tx.db.insert(organizations).values({
      id,
      name: nameFrom(input.name),
      description: descriptionFrom(input.description),
      createdAt: tx.now,
      updatedAt: tx.now,
    });
    await tx.db
      .insert(organizationMembers)
      .values({ organizationId: id, playerId, role: 'OWNER', joinedAt: tx.now });
    tellOrganization(tx, { type: 'organization.created', data: { organizationId: id } });
    const member = { organizationId: id, playerId, role: 'OWNER' } as const;
    tellOrganization(tx, { type: 'organization.member.added', data: member });
    return id;
  });

export const updateOrganization = (context: Context, input: OrganizationUpdateInput): Promise<string> =>
  context.command('organizationUpdate', input, async (tx) => {
    const { id, viewerRole } = await enterOrganization(tx, input.organizationId, context.viewer.playerId);
    denyIf(mayModerate(viewerRole));
    await tx.db
      .update(organizations)
      .set({ ...changesFrom(input), updatedAt: tx.now })
      .where(eq(organizations.id, id));
    tellOrganization(tx, { type: 'organization.updated', data: { organizationId: id } });
    return id;
  });

export const deleteOrganization = (context: Context, input: OrganizationDeleteInput): Promise<string> =>
  context.command('organizationDelete', input, async (tx) => {
    const { id, viewerRole } = await enterOrganization(tx, input.organizationId, context.viewer.playerId);
    denyIf(mayDelete(viewerRole));
    for (const groupId of await groupIdsOfOrganization(tx, id)) {
      tellGroup(tx, { type: 'group.deleted', data: { groupId, organizationId: id } });
    }
    await tx.db.delete(registrations).where(eq(registrations.organizationId, id));
    await tx.db.delete(eventGroups).where(eq(eventGroups.organizationId, id));
    await tx.db.delete(organizationEvents).where(eq(organizationEvents.organizationId, id));
    await tx.db.delete(groupMembers).where(eq(groupMembers.organizationId, id));
    await tx.db.delete(groups).where(eq(groups.organizationId, id));
    await tx.db.delete(organizationMembers).where(eq(organizationMembers.organizationId, id));
    await tx.db.delete(organizations).where(eq(organizations.id, id));
    tellOrganization(tx, { type: 'organization.deleted', data: { organizationId: id } });
    return id;
  });
