export { groups } from './groups.ts';
export { groupMembers, organizationMembers, organizationRole } from './members.ts';
export { eventGroups, organizationEvents } from './organization-events.ts';
export { organizations } from './organizations.ts';
export { registrationStatus, registrations } from './registrations.ts';
export { socialGroup } from './schema.ts';
export { activity, commands, heads, relays } from './store.ts';
