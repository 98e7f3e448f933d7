/** What is done to a camera, and what the relay has to say of it. */
export interface SoakFault {
  readonly name: string;
  /** For the simulator: `PATCH /cameras/:id/faults`. */
  readonly begin: Readonly<Record<string, unknown>>;
  readonly end: Readonly<Record<string, unknown>>;
  /** Any of these is the truth while it lasts. */
  readonly states: readonly string[];
  /** Somebody asks for the camera's pictures meanwhile and does not read them. */
  readonly hasSlowReader?: true;
  /** How long it goes on after it was told. */
  readonly lastsMs: number;
}

export const FAULTS: readonly SoakFault[] = [
  { name: 'unplug', begin: { unplugged: true }, end: { unplugged: false }, states: ['offline'], lastsMs: 1_000 },
  { name: 'freeze', begin: { frozen: true }, end: { frozen: false }, states: ['offline'], lastsMs: 1_000 },
  // A fifth of the packets of a picture of seven: hardly one comes whole.
  {
    name: 'corrupt',
    begin: { corruptShare: 0.2 },
    end: { corruptShare: 0 },
    states: ['degraded', 'offline'],
    lastsMs: 2_000,
  },
  // A quarter of what the camera sends: most pictures are lost in it.
  {
    name: 'slow',
    begin: { linkBytesPerSecond: 62_500 },
    end: { linkBytesPerSecond: 0 },
    states: ['degraded', 'offline'],
    lastsMs: 2_000,
  },
  // Another size of picture is no fault: it stays online all through.
  { name: 'sps-change', begin: { spsChanged: true }, end: { spsChanged: false }, states: ['online'], lastsMs: 3_000 },
  // What its readers do is no matter of the camera's.
  { name: 'slow-reader', begin: {}, end: {}, hasSlowReader: true, states: ['online'], lastsMs: 10_000 },
];
