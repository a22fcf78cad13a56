import type { Fault } from '../world.ts';
import { clockSkew } from './clocks.ts';
import { conflictFaults } from './conflicts.ts';
import { killConsumer } from './consumer.ts';
import { drain } from './drain.ts';
import { duplicates } from './duplicates.ts';
import { natsFaults } from './nats.ts';
import { postgresFaults } from './postgres.ts';
import { processFaults } from './processes.ts';
import { killRelay } from './relay.ts';
import { identityRotation, jwksRotation } from './rotation.ts';

/** Everything that goes wrong, in the order of the table. */
export const faults: readonly Fault[] = [
  ...processFaults,
  killRelay,
  killConsumer,
  duplicates,
  ...postgresFaults,
  ...conflictFaults,
  ...natsFaults,
  drain,
  clockSkew,
  identityRotation,
  jwksRotation,
];
