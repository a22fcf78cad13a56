import type { FeedListener } from './feed.ts';
import type { Affected } from './follow.ts';
import type { ActivityRow } from './tables.ts';

/** Events held for a reader who is slower than the log. Beyond it they are dropped here and read again there. */
const held = 1_000;

/** What the feed delivered and the reader has not yet taken. */
export class Inbox implements FeedListener {
  #rows: ActivityRow[] = [];
  #incomplete = false;
  #suspects: Affected = [];
  #wake: (() => void) | undefined;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  row(row: ActivityRow): void {
    if (this.#rows.length < held) this.#rows.push(row);
    else this.#incomplete = true;
    this.#wake?.();
  }

  doubt(): void {
    this.#incomplete = true;
    this.#wake?.();
  }

  /** These may have lost access: wakes the reader to find out. */
  suspect(affected: Affected): void {
    if (affected.length === 0) return;
    const all = affected === 'everyone' || this.#suspects === 'everyone';
    this.#suspects = all ? 'everyone' : [...this.#suspects, ...affected];
    this.#wake?.();
  }

  /** Whether there are suspects. */
  get suspecting(): boolean {
    return this.#suspects.length > 0;
  }

  /** The suspects since the last time this was asked. */
  suspects(): Affected {
    const suspects = this.#suspects;
    this.#suspects = [];
    return suspects;
  }

  /** All that waits; waits itself while there is nothing. Empty when aborted, in doubt or suspecting. */
  async take(): Promise<ActivityRow[]> {
    if (this.#rows.length === 0 && !this.#incomplete && !this.suspecting && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** Whether anything may be missing since the last time this was asked. */
  incomplete(): boolean {
    const incomplete = this.#incomplete;
    this.#incomplete = false;
    return incomplete;
  }
}
