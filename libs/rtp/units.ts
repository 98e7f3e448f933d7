/** Where a receiver's packets become access units: told of each packet before its payload, and of markers behind it. */
export interface Units {
  /** Nothing can be handed on before a key picture. */
  readonly isWaiting: boolean;
  /** A packet of `pts90k` begins. `isAfterLoss`: packets before it never came. */
  packet(pts90k: number, arrivedMs: number, isAfterLoss: boolean): void;
  marker(): void;
  /** The source began again: whatever was under way is not going to be completed. */
  restart(): void;
}
