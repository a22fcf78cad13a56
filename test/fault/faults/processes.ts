import { setTimeout as delay } from 'node:timers/promises';
import { send } from '../mutate.ts';
import { oneOf } from '../random.ts';
import {
  askAll,
  calm,
  type Fault,
  firstOf,
  insistOnOne,
  lockParty,
  must,
  sendOne,
  signal,
  until,
  type World,
  waitingForLocks,
  whileLocked,
} from '../world.ts';

/** SIGKILL to one of a kind, whatever it is at. */
const killOne = (kind: string, weight: number): Fault => ({
  name: `kill -9 a ${kind}`,
  weight,
  async happen({ stack, random }) {
    const running = stack.processes.filter(({ name, pid }) => name.startsWith(kind) && pid() !== undefined);
    const pid = running.length > 0 ? oneOf(running, random).pid() : undefined;
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    return 'the proof at the end';
  },
});

/** It waits for its party, which we hold: later, its commit would be on the way already. */
const killMidMutation: Fault = {
  name: 'kill -9 a subgraph within a mutation',
  async happen(world) {
    const { stack, stage, database } = world;
    const pid = await firstOf(world, 'party');
    const sent = await whileLocked(world, lockParty, stage.party.id, async () => {
      const reply = sendOne(world, stage.party, stack.url);
      await until('a mutation waits', async () => (await waitingForLocks(world)) > 0);
      await delay(200);
      process.kill(pid, 'SIGKILL');
      return await reply;
    });
    must(sent.outcome === 'unknown', `A mutation whose subgraph was killed is ${sent.outcome}`);
    await calm(world);
    const times = (await stage.party.effects(database.sql)).get(sent.marker) ?? 0;
    must(times === 0, 'A mutation that was killed before its commit took effect');
    return `${sent.code ?? 'no reply'}, nothing done`;
  },
};

/** The commit has gone through, and its answer is on the way when the process dies. */
const killAfterCommit: Fault = {
  name: 'kill -9 a subgraph between commit and reply',
  async happen(world) {
    const { stack, stage, database } = world;
    const pid = await firstOf(world, 'party');
    const scene = stage.party;
    const marker = world.nextMarker();
    const mutation = scene.write(marker);
    const keyed = { ...mutation, input: { ...mutation.input, idempotencyKey: marker } };
    const committed = async () => (await scene.effects(database.sql)).get(marker) === 1;
    const letGo = database.networks.party.holdAnswers('commit\0');
    const reply = send(stack.url, keyed);
    await until('the mutation is committed', committed).finally(() => process.kill(pid, 'SIGKILL'));
    letGo();
    const first = await reply;
    must(first.outcome === 'unknown', `A mutation whose reply was lost is ${first.outcome}`);
    await calm(world);
    const again = await send(stack.url, keyed);
    scene.sent.push({ marker, outcome: again.outcome });
    must(again.outcome === 'ok', `Sent again with its key it is ${again.outcome} ${again.code}`);
    must(await committed(), 'Sent again with its key it was done again');
    return `${first.code ?? 'no reply'}; with its key again: ok, done once`;
  },
};

/** A subgraph that stands still answers nobody, closes nothing, and may hold locks. */
const standStill: Fault = {
  name: 'SIGSTOP a subgraph',
  async happen(world) {
    const { stack, stage } = world;
    const token = stage.logs[0]?.token ?? '';
    const pid = await firstOf(world, 'guild');
    process.kill(pid, 'SIGSTOP');
    try {
      const since = performance.now();
      const { data, errors } = await askAll(stack.url, token);
      const seconds = (performance.now() - since) / 1000;
      must(data?.me?.party && data.me.groups, `Others do not answer: ${JSON.stringify(errors)}`);
      must(data.me.guildMemberships === null, 'It answers although it stands still');
      must(
        errors?.[0]?.extensions?.code === 'SUBGRAPH_UNAVAILABLE',
        `Its fields have ${JSON.stringify(errors)}`,
      );
      must(seconds < 15, `Its fields took ${seconds} s`);
      await insistOnOne(world, stage.bank);
      process.kill(pid, 'SIGCONT');
      await calm(world);
      return `null, coded, after ${seconds.toFixed(1)} s; the rest is there; goes on after SIGCONT`;
    } finally {
      if (stack.processes.some((each) => each.pid() === pid)) process.kill(pid, 'SIGCONT');
    }
  },
};

/** All of one kind at once. */
const killAll = (kind: string): Fault => ({
  name: `kill -9 both of ${kind}`,
  async happen(world: World) {
    signal(world, kind, 'SIGKILL');
    await calm(world);
    return 'answers again';
  },
});

export const processFaults: readonly Fault[] = [
  killMidMutation,
  killAfterCommit,
  standStill,
  killAll('guild'),
  killOne('gateway', 3),
  killOne('party', 3),
  killOne('guild', 1),
  killOne('group', 1),
];
