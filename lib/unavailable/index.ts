/**
 * Thrown where something that a service needs is away: nobody's fault who asks, and no fault of the code. A client is
 * told to try again (`maskError`); the message is for the log.
 */
export class Unavailable extends Error {
  override readonly name: string = 'Unavailable';
}
