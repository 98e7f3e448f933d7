import { Injectable } from '@nestjs/common';
import { allows } from '#libs/access';
import type { CamerasReportView, ReportQuery } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AlarmRulesService } from '../alarms/alarm-rules.service.ts';
import { CameraWorkStore } from './camera-work.store.ts';
import { ReportDesk } from './report-desk.ts';

const DAY_MS = 86_400_000;

/** How long cameras gave a picture. */
@Injectable()
export class CameraWorkService {
  constructor(
    private readonly desk: ReportDesk,
    private readonly cameras: CameraWorkStore,
    private readonly rules: AlarmRulesService,
  ) {}

  /** @throws {RefusalError} as {@link ReportDesk.make}. */
  report(query: ReportQuery, user: SignedInUser): Promise<CamerasReportView> {
    return this.desk.make(query, user, async ({ range, head, read }) => {
      const { keepDays, offlineAfterS } = this.rules.current;
      const knownFromMs = head.madeAtMs - keepDays * DAY_MS;
      const [fromMs, toMs] = [Math.max(range.fromMs, knownFromMs), Math.min(range.toMs, head.madeAtMs)];
      const rows = fromMs < toMs ? await read((manager) => this.cameras.work(fromMs, toMs, manager)) : [];
      const watchedMs = rows.reduce((sum, row) => sum + row.watchedMs, 0);
      const awayMs = rows.reduce((sum, row) => sum + row.awayMs, 0);
      return {
        ...head,
        names: {},
        knownFromMs,
        offlineAfterS,
        // Which cameras there are is for those who may see them.
        cameras: allows(user.role, 'camera:view')
          ? rows.map((row) => ({ ...row, share: shareOf(row.watchedMs, row.awayMs) }))
          : [],
        total: { watchedMs, awayMs, share: shareOf(watchedMs, awayMs) },
      };
    });
  }
}

function shareOf(watchedMs: number, awayMs: number): number | null {
  return watchedMs > 0 ? Math.max(0, 1 - awayMs / watchedMs) : null;
}
