import { Denial } from './denial.ts';

interface DenialData<Code extends string> {
  readonly code: Code;
  readonly message: string;
  readonly path: readonly string[];
}

/** A mutation's payload: what the command changed under `field`, or null there and why not. */
export type Answer<Field extends string, Value, Code extends string> = {
  [K in Field]: Value | null;
} & { errors: DenialData<Code>[] };

/**
 * Runs a command and shapes its outcome as the payload of its mutation. A `Denial` becomes data; anything
 * else is not ours to explain and goes up, to be masked.
 */
export async function answer<Field extends string, Value, Code extends string>(
  field: Field,
  command: () => Promise<Value | null>,
): Promise<Answer<Field, Value, Code>> {
  try {
    return { [field]: await command(), errors: [] } as unknown as Answer<Field, Value, Code>;
  } catch (error) {
    if (!(error instanceof Denial)) throw error;
    const { code, message, path } = error;
    return { [field]: null, errors: [{ code, message, path }] } as unknown as Answer<Field, Value, Code>;
  }
}
