import { v5 as uuid } from 'uuid';
import type { Read } from '../http/race.ts';

/** The ids that the subgraphs of this measurement answer for, so that no two requests in flight are the same. */
const IDS = 500;
const NAMESPACE = '8a0f6c52-41f5-4e0b-9d5e-6a3c1f0c7be4';

const read = (name: string, query: string): Read => ({
  name,
  bodies: Array.from({ length: IDS }, (_, nth) =>
    JSON.stringify({ query, variables: { id: uuid(`${nth}`, NAMESPACE) } }),
  ),
});

/** A hop is a fetch that needs the answer of another subgraph. */
export const reads: readonly Read[] = [
  read(
    'one hop',
    `query ($id: ID!) { party(id: $id) { id goal leader { id
      guildMemberships(first: 5) { nodes { joinedAt guild { id name } rank { name } } } } } }`,
  ),
  read(
    'three hops, three subgraphs',
    `query ($id: ID!) { party(id: $id) { id leader {
      guildMemberships(first: 5) { nodes { guild { name leader {
        groups(first: 5) { nodes { name creator { id party { id goal } } } } } } } } } } }`,
  ),
  read(
    'a list of 100 entities',
    `query ($id: ID!) { guild(id: $id) { name
      members(first: 100) { nodes { rank { name } player { id party { id goal } } } } } }`,
  ),
];
