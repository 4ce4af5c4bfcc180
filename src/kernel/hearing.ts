/** Whether a client hears at the moment what it is told between two of its requests. */
export interface Hearing {
  readonly isHeard: boolean;
  /** `listener` is called each time that it hears again. */
  onHeardAgain(listener: () => void): void;
}

/** On a connection that is closed once its client has gone. */
export const ALWAYS_HEARD: Hearing = { isHeard: true, onHeardAgain: () => {} };
