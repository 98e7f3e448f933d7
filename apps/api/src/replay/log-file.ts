import { Injectable } from '@nestjs/common';
import { RefusalError, csvLine, refusal } from '#libs/base';
import { REPLAY_CAPS, type ReplayOpeningView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { lineFor, type Looker } from './replay-views.ts';
import { ReplayService, type PastChange } from './replay.service.ts';

const PAGE_ENTRIES = 500;
const HEAD = csvLine(['seq', 'at', 'kind', 'incident', 'unit', 'by', 'hidden', 'event']);

/** The log of an opening as CSV (RFC 4180): what its owner may see of each entry today, written to the audit. */
@Injectable()
export class LogFile {
  constructor(
    private readonly replay: ReplayService,
    private readonly audit: AuditService,
  ) {}

  /** Part by part, so that no more than a page is in memory. @throws {RefusalError} `replay-log-too-long`. */
  async write(opening: ReplayOpeningView, by: SignedInUser, open: () => (part: string) => void): Promise<void> {
    const { first, last } = await this.replay.boundsOf(opening);
    if (last - first > REPLAY_CAPS.fileEntries)
      throw new RefusalError(
        refusal(
          'too-large',
          'replay-log-too-long',
          `a file holds at most ${REPLAY_CAPS.fileEntries} entries, these are ${last - first}: open less time`,
        ),
      );
    const { fromMs, toMs } = opening;
    const details = { fromMs, toMs, entries: last - first };
    await this.audit.record(
      { action: 'replay:export', objectKind: 'replay', objectId: opening.id, outcome: 'done', details },
      by,
    );
    const put = open();
    put(HEAD);
    for (let after = first; after < last; after += PAGE_ENTRIES) {
      const { changes } = await this.replay.stretch(after, Math.min(after + PAGE_ENTRIES, last));
      const looker = await this.replay.lookerAt([], changes, by);
      put(changes.map((change) => rowOf(change, looker)).join(''));
    }
  }
}

function rowOf({ entry, event, units }: PastChange, looker: Looker): string {
  const line = lineFor(entry, event, looker);
  if (!line) return '';
  const { kind, ...fields } = line.event;
  const incident = event && 'incidentId' in event ? looker.today.get(event.incidentId)?.incident.code : undefined;
  const at = new Date(entry.atMs).toISOString();
  const callSigns = units.map(({ callSign }) => callSign).join(' ');
  const text = JSON.stringify(fields);
  return csvLine([entry.seq, at, kind, incident ?? '', callSigns, line.byName, line.hidden.join(' '), text]);
}
