import type { ActivityRow, Affected } from '@fellowship/activity';
import type { OrganizationEventRegistrationStatus, OrganizationRole } from './schema.generated.ts';

/** Every event the group subgraph publishes, spelled as on the bus. */
export type GroupEvent =
  | { readonly type: 'organization.created'; readonly data: OfOrganization }
  | { readonly type: 'organization.updated'; readonly data: OfOrganization }
  | { readonly type: 'organization.deleted'; readonly data: OfOrganization }
  | { readonly type: 'organization.member.added'; readonly data: OfOrganization & OfPlayer & OfRole }
  | { readonly type: 'organization.member.role.set'; readonly data: OfOrganization & OfPlayer & OfRole }
  | { readonly type: 'organization.owner.changed'; readonly data: OfOrganization & OfPlayer }
  | { readonly type: 'organization.member.left'; readonly data: OfOrganization & OfPlayer }
  | { readonly type: 'organization.member.removed'; readonly data: OfOrganization & OfPlayer }
  | { readonly type: 'group.created'; readonly data: OfGroup }
  | { readonly type: 'group.updated'; readonly data: OfGroup }
  | { readonly type: 'group.code.regenerated'; readonly data: OfGroup }
  | { readonly type: 'group.deleted'; readonly data: OfGroup }
  | { readonly type: 'group.member.added'; readonly data: OfGroup & OfPlayer }
  | { readonly type: 'group.member.left'; readonly data: OfGroup & OfPlayer }
  | { readonly type: 'group.member.removed'; readonly data: OfGroup & OfPlayer }
  | { readonly type: 'organization.event.created'; readonly data: OfEvent }
  | { readonly type: 'organization.event.updated'; readonly data: OfEvent }
  | { readonly type: 'organization.event.cancelled'; readonly data: OfEvent }
  | { readonly type: 'organization.event.hidden'; readonly data: OfEvent }
  | { readonly type: 'organization.event.registered'; readonly data: OfEvent & OfPlayer & OfStatus }
  | { readonly type: 'organization.event.unregistered'; readonly data: OfEvent & OfPlayer }
  | { readonly type: 'organization.event.promoted'; readonly data: OfEvent & OfPlayer };

interface OfOrganization {
  readonly organizationId: string;
}

interface OfGroup extends OfOrganization {
  readonly groupId: string;
}

interface OfPlayer {
  readonly playerId: string;
}

interface OfEvent extends OfOrganization {
  readonly eventId: string;
}

interface OfStatus {
  readonly status: OrganizationEventRegistrationStatus;
}

interface OfRole {
  readonly role: OrganizationRole;
}

/** The GraphQL type of each event. */
export const eventTypes = {
  'organization.created': 'OrganizationCreated',
  'organization.updated': 'OrganizationUpdated',
  'organization.deleted': 'OrganizationDeleted',
  'organization.member.added': 'OrganizationMemberAdded',
  'organization.member.role.set': 'OrganizationMemberRoleSet',
  'organization.owner.changed': 'OrganizationOwnerChanged',
  'organization.member.left': 'OrganizationMemberLeft',
  'organization.member.removed': 'OrganizationMemberRemoved',
  'group.created': 'GroupCreated',
  'group.updated': 'GroupUpdated',
  'group.code.regenerated': 'GroupCodeRegenerated',
  'group.deleted': 'GroupDeleted',
  'group.member.added': 'GroupMemberAdded',
  'group.member.left': 'GroupMemberLeft',
  'group.member.removed': 'GroupMemberRemoved',
  'organization.event.created': 'OrganizationEventCreated',
  'organization.event.updated': 'OrganizationEventUpdated',
  'organization.event.cancelled': 'OrganizationEventCancelled',
  'organization.event.hidden': 'OrganizationEventHidden',
  'organization.event.registered': 'OrganizationEventRegistered',
  'organization.event.unregistered': 'OrganizationEventUnregistered',
  'organization.event.promoted': 'OrganizationEventPromoted',
} as const satisfies Record<GroupEvent['type'], string>;

/** An event in the log. */
export type GroupEventRow = ActivityRow<GroupEvent>;

/** The events of a GraphQL type. By its name: the generator of resolver types stumbles over dots in a type. */
export type GroupEventOf<Name extends (typeof eventTypes)[GroupEvent['type']]> = Extract<
  GroupEventRow,
  {
    type: {
      [Type in GroupEvent['type']]: (typeof eventTypes)[Type] extends Name ? Type : never;
    }[GroupEvent['type']];
  }
>;

/** The log of an organization, which its members read. Nothing of its groups, nor of events not public, is in it. */
export const organizationLog = (organizationId: string): string => `organization:${organizationId}`;

/** The log of all that happens in an organization, groups and events included, which its OWNER and MODERATORs read. */
export const moderationLog = (organizationId: string): string => `moderation:${organizationId}`;

/** The log of a group, which is read by whoever sees the group. */
export const groupLog = (groupId: string): string => `group:${groupId}`;

type Emit = { emit(event: GroupEvent & { subject: string; copies: readonly string[] }): void };
type OnEvent = Extract<GroupEvent, { type: `organization.event.${string}` }>;
type OnOrganization = Exclude<Extract<GroupEvent, { type: `organization.${string}` }>, OnEvent>;
type OnGroup = Extract<GroupEvent, { type: `group.${string}` }>;

/**
 * Tells an organization's members and moderators of an event. `groupIds`: groups whose log has it too, since it
 * changes who sees them.
 */
export function tellOrganization(tx: Emit, event: OnOrganization, groupIds: readonly string[] = []): void {
  const { organizationId } = event.data;
  const copies = [moderationLog(organizationId), ...groupIds.map(groupLog)];
  tx.emit({ ...event, subject: organizationLog(organizationId), copies });
}

/** Tells who sees a group, and the organization's moderators, of an event. */
export function tellGroup(tx: Emit, event: OnGroup): void {
  const { groupId, organizationId } = event.data;
  tx.emit({ ...event, subject: groupLog(groupId), copies: [moderationLog(organizationId)] });
}

/** Where an event of an organization is seen. */
export interface Audience {
  readonly isPublic: boolean;
  readonly groupIds: readonly string[];
}

/** For what is the moderators' business alone. */
export const moderatorsAlone: Audience = { isPublic: false, groupIds: [] };

/**
 * Tells an organization's moderators of an event of its calendar, and the audience: an entry must not get into a log
 * whose readers don't see the event.
 */
export function tellEvent(tx: Emit, event: OnEvent, { isPublic, groupIds }: Audience): void {
  const { organizationId } = event.data;
  const copies = [...(isPublic ? [organizationLog(organizationId)] : []), ...groupIds.map(groupLog)];
  tx.emit({ ...event, subject: moderationLog(organizationId), copies });
}

/** Whom an event may have taken the organization or the group from. */
export function whoLosesAccess(event: GroupEventRow): Affected {
  switch (event.type) {
    case 'organization.member.role.set':
    case 'organization.member.left':
    case 'organization.member.removed':
    case 'group.member.left':
    case 'group.member.removed':
      return [event.data.playerId];
    case 'organization.deleted':
    case 'group.deleted':
      return 'everyone';
    default:
      return [];
  }
}
