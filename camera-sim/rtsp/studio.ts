import type { Clock, Logger } from '#libs/base';
import { ClipLibrary } from '../clip/library.ts';
import { PreparedLibrary } from './prepared-library.ts';
import { SlabPool } from './slab.ts';
import { Ticker } from './ticker.ts';
import { Timeline } from './timeline.ts';

/** What all cameras of one process share: prepared clips, time, the ticker and memory. */
export interface Studio {
  readonly library: PreparedLibrary;
  readonly timeline: Timeline;
  readonly ticker: Ticker;
  readonly slabs: SlabPool;
  readonly logger: Logger;
}

export function openStudio(clock: Clock, logger: Logger, clips = new ClipLibrary()): Studio {
  return {
    library: new PreparedLibrary(clips),
    timeline: new Timeline(clock),
    ticker: new Ticker(clock, logger),
    slabs: new SlabPool(),
    logger,
  };
}
