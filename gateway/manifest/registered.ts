import { Refused } from '../errors.ts';
import type { Operations } from '../operations.ts';
import { type Manifest, refuseUnregistered } from './manifest.ts';

/**
 * The operations of a manifest and no others, whatever the transport. All are checked and planned here, so that none
 * turns out to be refused when the first player sends it. Throws an error that names each one with a fault.
 */
export function onlyRegistered(operations: Operations, manifest: Manifest): Operations {
  const faults = manifest.operations.flatMap(({ id, name, source }) => {
    try {
      operations.plan(operations.read(source, name));
      return [];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return [`${name ?? id}: ${error.message}`];
    }
  });
  if (faults.length > 0) {
    throw new Error(`Operations of the manifest can't be served:\n${faults.join('\n')}`);
  }
  return {
    ...operations,
    read(source, ...rest) {
      return manifest.has(source) ? operations.read(source, ...rest) : refuseUnregistered();
    },
  };
}
