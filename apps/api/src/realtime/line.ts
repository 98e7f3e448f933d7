import type { LedgerAppended, TopicChange } from '#libs/wire';

/** Messages that a slow page may leave unread: some seconds of a busy town. */
export const MAX_BACKLOG = 512;

/** With more unread messages than this a page is told of moves later, all at once. */
export const MAX_MOVES_BACKLOG = 2;

/** The way to one page, as much of a socket as a follower needs. */
export interface Line {
  /** Names the socket among those of this process. */
  readonly id: string;
  send(change: TopicChange): void;
  append(appended: LedgerAppended): void;
  /** Messages that were sent and that the network has not taken yet. */
  backlog(): number;
  /** Cuts the connection without a word: the page connects again and subscribes anew. */
  drop(): void;
  /** Says that the login is over and closes: the page does not come back by itself. */
  end(code: string): void;
}
