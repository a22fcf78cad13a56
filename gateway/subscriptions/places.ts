/** A number of places, each held for as long as a client is connected. */
export interface Places {
  /** How to leave the place that was taken (once is enough), or undefined when all are. */
  take(): (() => void) | undefined;
}

export function createPlaces(most: number): Places {
  let taken = 0;
  return {
    take() {
      if (taken >= most) return undefined;
      taken++;
      let held = true;
      return () => {
        if (held) taken--;
        held = false;
      };
    },
  };
}
