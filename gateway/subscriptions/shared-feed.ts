import type { Sharing } from '@fellowship/server';
import type { ExecutionResult } from 'graphql';
import { coded } from '../errors.ts';
import type { AdmittedRequest } from '../graph.ts';
import { accessLost, isPersonal, refusalAfter, verdictOf, verdictsOf } from './access.ts';
import type { Feed, Subscriber } from './feeds.ts';
import { createRecent } from './recent.ts';
import type { SharedResult } from './upstream.ts';

/** Results held for who joins while their access is asked for. */
const MAX_HELD = 1_000;

export interface SharedFeedOptions {
  /** Opens the upstream in a subscriber's name, from a cursor or (null) from now on. */
  readonly open: (request: AdmittedRequest, after: string | null) => AsyncIterable<SharedResult>;
  /** Whether a subscriber may read what the feed gives. Throws the reason why not. */
  readonly probe: (request: AdmittedRequest) => Promise<void>;
  readonly cursorOf: (result: ExecutionResult) => string | undefined;
}

interface Seat extends Subscriber {
  /** Away: catches up by itself. Joining: what comes is held until the access is known. Live: gets what comes. */
  state: 'away' | 'joining' | 'live';
  held: ExecutionResult[];
  /** Whether access may have been lost since it was last asked for, while joining. */
  suspected: boolean;
  /** Whether the upstream may be opened in this one's name. */
  mayLead: boolean;
  /** Whether access has been granted before. */
  admitted: boolean;
}

/**
 * A feed for subscribers of different players, who all get the same as long as they may read the log. The upstream is
 * opened in the name of one of them, the leader; when that one leaves or loses access, it is opened anew in another's
 * after the last cursor. Whom an event affects is asked for before it is delivered: who has lost access gets the
 * event that says so, then ACCESS_LOST, and nothing that came later. (Where nobody is left who may read it, those whose
 * event has not come yet end without it.)
 */
export function runSharedFeed(options: SharedFeedOptions): Feed & { readonly over: Promise<void> } {
  const { open, probe, cursorOf } = options;
  const seats = new Set<Seat>();
  const recent = createRecent();
  let leader: Seat | undefined;
  let last: string | null = null;
  const over = Promise.withResolvers<void>();
  let ended = false;

  const nextLeader = (): Seat | undefined => {
    const able = [...seats].filter(({ mayLead, request }) => mayLead && !request.signal.aborted);
    return able.find(({ state }) => state === 'live') ?? able[0];
  };

  function deliver(result: ExecutionResult): void {
    const cursor = cursorOf(result);
    if (cursor !== undefined) {
      last = cursor;
      recent.add(cursor, result);
    }
    for (const seat of seats) {
      // A full queue ends by itself, and by name; its subscriber leaves on reading that.
      if (seat.state === 'live') seat.queue.push(result);
      else if (seat.state === 'joining') hold(seat, result);
    }
  }

  function hold(seat: Seat, result: ExecutionResult): void {
    if (seat.held.length < MAX_HELD) seat.held.push(result);
    else end(seat, coded('SLOW_CONSUMER', 'Events came faster than your access was known: resume'));
  }

  function end(seat: Seat, error: Error | undefined): void {
    seat.mayLead = false;
    // Who is away hears it from the upstream of their own.
    if (seat.state === 'away') return;
    seats.delete(seat);
    seat.queue.end(error);
  }

  /** Who of those named has no access; who joins is asked for again by `join`. */
  async function refusals(named: Sharing['recheck'] = []): Promise<Map<Seat, Error>> {
    const isNamed = ({ request: { viewer } }: Seat) =>
      named === 'everyone' || named.includes(viewer?.playerId ?? '');
    const suspects = [...seats].filter(isNamed);
    for (const seat of suspects) if (seat.state === 'joining') seat.suspected = true;
    const asked = suspects.filter((seat) => seat.state === 'live' || seat === leader);
    const refused = new Map<Seat, Error>();
    for (const [seat, verdict] of await verdictsOf(asked, probe)) {
      if (!verdict.may) refused.set(seat, refusalAfter(seat.admitted, verdict.error));
    }
    return refused;
  }

  /** Whether there is another who may lead, known before the upstream is given up: the last to lose access need it. */
  async function findHeir(): Promise<boolean> {
    for (let heir = nextLeader(); heir; heir = nextLeader()) {
      const verdict = await verdictOf(heir.request, probe);
      if (verdict.may) return true;
      heir.mayLead = false;
      // Whose access is not known is not told that it is lost.
      if (!isPersonal(verdict.error) && !heir.request.signal.aborted) end(heir, verdict.error);
    }
    return false;
  }

  /** Whether to go on with the same leader. */
  async function take({ result, sharing }: SharedResult, leading: Seat): Promise<boolean> {
    if (sharing?.start !== undefined && last === null) {
      last = sharing.start;
      recent.begin(last);
    }
    const refused = sharing?.recheck ? await refusals(sharing.recheck) : new Map<Seat, Error>();
    if (result && sharing?.lost) {
      // Something may be missing in it: it comes again in another's name, if there is one who may read it.
      leading.mayLead = false;
      for (const seat of refused.keys()) seat.mayLead = false;
      if (await findHeir()) return false;
    }
    if (result) deliver(result);
    for (const [seat, error] of refused) end(seat, error);
    return seats.has(leading) && !refused.has(leading);
  }

  /** Until the upstream is over (true) or another is to lead. Throws what ends the feed. */
  async function lead(leading: Seat): Promise<boolean> {
    const own = new AbortController();
    const signal = AbortSignal.any([leading.request.signal, own.signal]);
    try {
      for await (const next of open({ ...leading.request, signal }, last)) {
        leading.admitted = true;
        if (!(await take(next, leading)) || leading.request.signal.aborted) return false;
      }
      return true;
    } catch (error) {
      if (leading.request.signal.aborted) return false;
      if (!isPersonal(error)) throw error;
      // Who had access gets the event that took it, from another's upstream.
      if (leading.admitted) leading.mayLead = false;
      else end(leading, error as Error);
      return false;
    } finally {
      own.abort();
    }
  }

  async function run(): Promise<void> {
    let failure: Error | undefined;
    try {
      leader = nextLeader();
      while (leader && !(await lead(leader))) leader = nextLeader();
      if (!leader) failure = accessLost();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    leader = undefined;
    ended = true;
    for (const seat of [...seats]) end(seat, failure);
  }

  /**
   * Asks for the access of one who joins, until nothing has cast doubt on it meanwhile. Who has it is live from that very
   * look on: one microtask later, an event that took it would find them neither joining nor live.
   */
  async function admit(seat: Seat): Promise<Error | undefined> {
    do {
      seat.suspected = false;
      const verdict = await verdictOf(seat.request, probe);
      if (!verdict.may) return verdict.error;
    } while (seat.suspected);
    seat.admitted = true;
    goLive(seat);
    return undefined;
  }

  function goLive(seat: Seat): void {
    seat.state = 'live';
    for (const result of seat.held.splice(0)) seat.queue.push(result);
  }

  async function join(seat: Seat, after?: string): Promise<boolean> {
    const missed = after === undefined ? [] : recent.since(after);
    if (ended || !missed) return false;
    seat.held = missed;
    if (seat === leader) {
      // Its upstream is refused, or is proof enough.
      goLive(seat);
      return true;
    }
    seat.state = 'joining';
    const refusal = await admit(seat);
    if (!refusal) return true;
    if (after === undefined || !isPersonal(refusal)) throw refusal;
    seat.state = 'away';
    seat.held = [];
    return false;
  }

  return {
    get ended() {
      return ended;
    },
    over: over.promise,
    take(subscriber) {
      const seat: Seat = { ...subscriber, ...newSeat() };
      seats.add(seat);
      if (leader === undefined) run().then(over.resolve);
      return {
        join: (after) => join(seat, after),
        leave() {
          seats.delete(seat);
          if (seats.size === 0) ended = true;
        },
      };
    },
  };
}

const newSeat = () =>
  ({ state: 'away', held: [], suspected: false, mayLead: true, admitted: false }) satisfies Omit<
    Seat,
    keyof Subscriber
  >;
