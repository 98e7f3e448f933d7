import type { Lamp, Light } from './light.ts';
import type { View } from './space.ts';
import type { Stage } from './stage.ts';

/** A place to look at. `ground` never changes; `things` is a function of the share 0..1 of the loop that has passed. */
export interface Scene {
  readonly light: Light;
  readonly lamps: readonly Lamp[];
  /** By preset token; a fixed camera has only `''`. */
  readonly views: Readonly<Record<string, View>>;
  ground(stage: Stage): void;
  things(stage: Stage, turn: number): void;
}
