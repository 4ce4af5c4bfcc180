/** `starting`: migrating or seeding. `draining`: calls in flight finish, new ones are refused. */
export type Phase = 'starting' | 'serving' | 'draining';

export type ReadinessState = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** Whether this process should be sent requests. */
export interface Readiness {
  readonly phase: Phase;
  /** What goes on, for whoever is refused: `migrating`, `seeding 40 %`, `shutting down`. */
  readonly activity: string;
  /** The phase, and when serving, whether the database answers. Never throws. */
  check(): Promise<ReadinessState>;
  /** No way back: the process is going to end. */
  drain(): void;
}
