import { Injectable } from '@nestjs/common';
import { DEFAULT_SHIFTS, type ShiftCalendar } from '#libs/dispatch';

/** The hours of the shifts that reports group by. Whoever keeps shifts provides this in `reports.module.ts`. */
export abstract class ReportShifts {
  abstract calendar(): Promise<ShiftCalendar>;
}

/** The hours of domain.md 2.3, until a centre sets its own. */
@Injectable()
export class DefaultShifts extends ReportShifts {
  override calendar(): Promise<ShiftCalendar> {
    return Promise.resolve(DEFAULT_SHIFTS);
  }
}
