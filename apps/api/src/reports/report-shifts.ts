import { Injectable } from '@nestjs/common';
import { shiftLine, type DayRange, type ShiftLine } from '#libs/report';
import { ShiftStore } from '../shifts/shift.store.ts';

/** The shifts that reports group by, as the centre's calendar had them. */
@Injectable()
export class ReportShifts {
  constructor(private readonly store: ShiftStore) {}

  async line({ fromMs, toMs }: DayRange): Promise<ShiftLine> {
    return shiftLine(await this.store.calendar(), fromMs, toMs);
  }
}
