/** Something that finds what people are alerted to. */
export interface Source {
  /** Resolves once everything that was there before this call has been gathered. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}
