import type { Clock } from '#libs/base';
import { openHlsLine } from './hls-line.ts';
import { LINE_KINDS, type Line, type LineEvents, type LineKind } from './line.ts';
import { canPlayLowLatency } from './playlist-choice.ts';
import { SnapshotLine } from './snapshot-line.ts';
import type { Leave } from './ticket-desk.ts';
import type { TileSockets } from './tile-socket.ts';
import { TilesLine, canPlayTiles } from './tiles-line.ts';

export type Granted = Extract<Leave, { readonly kind: 'granted' }>;

/** Builds the lines of one tile. */
export class LineMaker {
  /** @param granted the leave of now, renewed since; undefined while there is none */
  constructor(
    private readonly around: { readonly clock: Clock; readonly sockets: TileSockets },
    private readonly granted: () => Granted | undefined,
  ) {}

  /** What this browser and this relay can do, best first. */
  kindsFor({ playlistUrl }: Granted): readonly LineKind[] {
    return LINE_KINDS.filter((kind) => {
      if (kind === 'tiles') return canPlayTiles();
      return kind !== 'll-hls' || canPlayLowLatency(playlistUrl);
    });
  }

  open(
    kind: LineKind,
    screen: { readonly video: HTMLVideoElement; readonly shot: HTMLCanvasElement },
    events: LineEvents,
    leave: Granted,
  ): Line {
    const { sockets, clock } = this.around;
    const now = (): Granted => this.granted() ?? leave;
    if (kind === 'tiles') return new TilesLine(screen.video, sockets.of(leave.tilesUrl), leave.ticket, clock, events);
    if (kind === 'snapshots') return new SnapshotLine(screen.shot, () => now().snapshotUrl, clock, events);
    screen.video.playbackRate = 1;
    return openHlsLine(screen.video, kind, leave.playlistUrl, () => now().ticket, events);
  }
}
