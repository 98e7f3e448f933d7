/** What tiles have done since the process began. Only grows. */
export interface TilesCounters {
  socketsAccepted: number;
  socketsRefused: number;
  fragmentsSent: number;
  /** Not sent because a page was slow. */
  fragmentsSkipped: number;
  bytesSent: number;
}

export function newTilesCounters(): TilesCounters {
  return { socketsAccepted: 0, socketsRefused: 0, fragmentsSent: 0, fragmentsSkipped: 0, bytesSent: 0 };
}
