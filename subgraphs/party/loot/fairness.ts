import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Dice } from './rules.ts';

/** A seed for one drop: 32 bytes from the system's secure source, hexadecimal. */
export const newSeed = (): string => randomBytes(32).toString('hex');

/** What is published of a seed when its drop is: the SHA-256 of its bytes, hexadecimal. */
export const commitmentTo = (seed: string): string =>
  createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex');

/** The largest multiple of 100 that four bytes reach. Numbers from here on would favour 1 to 96. */
const limit = Math.floor(2 ** 32 / 100) * 100;

/**
 * The dice of one item of a drop: numbers that whoever knows the seed can work out again, and nobody else.
 * HMAC-SHA256 with the seed as key of `<item>:<player>:<round>:<attempt>`; its first four bytes are drawn again
 * (the next attempt) where taking them modulo 100 would favour some numbers.
 */
export function diceOf(seed: string, itemId: string): Dice {
  const key = Buffer.from(seed, 'hex');
  return (playerId, round) => {
    for (let attempt = 0; ; attempt += 1) {
      const text = `${itemId}:${playerId}:${round}:${attempt}`;
      const drawn = createHmac('sha256', key).update(text).digest().readUInt32BE(0);
      if (drawn < limit) return (drawn % 100) + 1;
    }
  };
}
