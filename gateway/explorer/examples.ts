import { DEMO_COMMUNITY_ID } from '@fellowship/identity';
import type { ExampleTab, StandIn } from './page.ts';

/** Five players of the demo tenant. Their ids follow from their names, so they stay who they are. */
export const demoPlayers = ['Ada', 'Bea', 'Cyd', 'Dan', 'Eve'];

export const standIns: Record<string, StandIn> = {
  MY_ID: { query: '{ me { id } }', missing: 'Nobody is signed in.' },
  MY_PARTY: { query: '{ me { party { id } } }', missing: 'You are in no party yet: run CreateParty first.' },
};

/** A first walk through the graph: look, change something, then watch a change arrive. */
export const exampleTabs: ExampleTab[] = [
  {
    title: `Who you are and whom you play with: one query over
party, guild and group, each a service of its own.
Run it with the pink button or Ctrl-Enter.`,
    query: `query Me {
  me {
    id
    party {
      id
      members {
        player {
          id
          guildMemberships(first: 5) {
            nodes {
              guild {
                name
              }
              rank {
                name
              }
            }
          }
        }
        role
        isLeader
      }
    }
    groups(first: 5) {
      nodes {
        name
      }
    }
  }
}`,
  },
  {
    title: `Forms a party that you lead. Run it twice:
a rule that says no is data, in errors.`,
    query: `mutation CreateParty {
  partyCreate(input: { joinPolicy: OPEN, role: TANK }) {
    party {
      id
      members {
        player {
          id
        }
        role
      }
    }
    errors {
      code
      message
    }
  }
}`,
  },
  {
    title: `What happens to your party, live.
Start it, then run ChooseRole in the next tab:
the event appears at the bottom of the page.
MY_PARTY stands for the party you are in.`,
    query: `subscription PartyActivity {
  partyActivity(partyId: "MY_PARTY") {
    __typename
    cursor
    occurredAt
    actor {
      id
    }
    ... on PartyRoleSet {
      role
    }
    ... on PartyMemberJoined {
      player {
        id
      }
    }
  }
}`,
  },
  {
    title: 'What you play in your party.',
    query: `mutation ChooseRole {
  partyRoleSet(
    input: {
      partyId: "MY_PARTY"
      playerId: "MY_ID"
      role: HEALER
    }
  ) {
    party {
      composition {
        tanks
        healers
        dps
        undecided
      }
    }
    errors {
      code
      message
    }
  }
}`,
  },
  {
    title: `What concerns you wherever it happens: invitations
and what becomes of them. To see one, open this page in
another window and let another player invite you with
partyInvite; "Copy player ID" gives yours.`,
    query: `subscription Inbox {
  partyInbox {
    __typename
    occurredAt
    actor {
      id
    }
    party {
      id
    }
    ... on PartyInviteSent {
      invite {
        id
        expiresAt
      }
    }
  }
}`,
  },
  {
    title: `Founds a guild that you lead. A name is taken once in
a community: change it if another player was first.`,
    query: `mutation FoundGuild {
  guildCreate(
    input: {
      communityId: "${DEMO_COMMUNITY_ID}"
      name: "Dawn"
      recruiting: true
    }
  ) {
    guild {
      id
      slug
      viewerPermissions {
        key
      }
    }
    errors {
      code
      message
    }
  }
}`,
  },
];
