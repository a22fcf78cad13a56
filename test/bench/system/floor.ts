// `node test/bench/system/floor.ts <port> <database URL>`: what is left when everything is left out but the answer. One
// handler, one prepared statement that makes the JSON, no schema, no token, no rule about who sees what.
import { createServer } from 'node:http';
import { DEMO_TENANT_ID } from '@fellowship/identity';
import postgres from 'postgres';

const [, , port, url = ''] = process.argv;
const sql = postgres(url);

const answerTo = (playerId: string) => sql<{ answer: string }[]>`
  select json_build_object('data', json_build_object('me', json_build_object('party', json_build_object('members', (
    select json_agg(json_build_object('role', member.role, 'player', json_build_object(
      'guildMemberships', json_build_object('nodes', (
        select json_agg(json_build_object('guild', json_build_object('name', g.name), 'rank', json_build_object('name', r.name)))
        from (
          select m.guild_id, m.rank_id from guild.members m
          where m.tenant_id = own.tenant_id and m.player_id = member.player_id
          order by m.joined_at, m.guild_id limit 5) m
        join guild.guilds g on g.tenant_id = own.tenant_id and g.id = m.guild_id
        join guild.ranks r on r.tenant_id = own.tenant_id and r.guild_id = m.guild_id and r.id = m.rank_id)),
      'groups', json_build_object('nodes', (
        select json_agg(json_build_object('name', g.name))
        from (
          select m.group_id from social_group.group_members m
          where m.tenant_id = own.tenant_id and m.player_id = member.player_id
          order by m.group_id limit 5) m
        join social_group.groups g on g.tenant_id = own.tenant_id and g.id = m.group_id))
    )) order by member.standing)
    from party.members member where member.tenant_id = own.tenant_id and member.party_id = own.party_id
  )))))::text as answer
  from party.members own where own.tenant_id = ${DEMO_TENANT_ID} and own.player_id = ${playerId}`;

const server = createServer(async (request, response) => {
  const [row] = await answerTo(String(request.headers['player']));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(row?.answer);
});
server.listen(Number(port), '127.0.0.1');
