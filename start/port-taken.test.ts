import { describe, expect, it } from 'vitest';
import { PortTaken, startWherePortsHold } from './port-taken.ts';

/** Starts that fail with these errors, one after the other, and then one that does not. */
async function startAfter(...failures: Error[]) {
  const released: number[] = [];
  let starts = 0;
  const resources = new AsyncDisposableStack();
  const outcome = await startWherePortsHold({ resources, log: { warn: () => {} } }, async (opened) => {
    const nth = ++starts;
    opened.defer(() => void released.push(nth));
    const failure = failures.shift();
    if (failure) throw failure;
    return nth;
  }).catch((error: Error) => error);
  return { outcome, released, resources };
}

const taken = () => new PortTaken('Port 4000 was taken.');

describe('starting where ports hold', () => {
  it('starts anew where one was lost, with nothing left of the start before', async () => {
    const { outcome, released, resources } = await startAfter(taken(), taken());
    expect({ outcome, released }).toEqual({ outcome: 3, released: [1, 2] });
    await resources.disposeAsync();
    expect(released).toEqual([1, 2, 3]);
  });

  it('gives up after five, and at once for another reason', async () => {
    const five = await startAfter(...Array.from({ length: 9 }, taken));
    expect(five.outcome).toBeInstanceOf(PortTaken);
    expect(five.released).toEqual([1, 2, 3, 4, 5]);
    const broken = await startAfter(new Error('broken'));
    expect(broken).toMatchObject({ outcome: { message: 'broken' }, released: [1] });
  });
});
