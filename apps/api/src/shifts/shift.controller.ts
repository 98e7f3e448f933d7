import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  absenceBody,
  absenceLiftBody,
  attendanceBody,
  dutyView,
  ownAttendanceBody,
  rosterBody,
  shiftAnswer,
  shiftCalendarView,
  shiftDate,
  shiftExceptionBody,
  shiftPatternsBody,
  shiftQuery,
  shiftView,
  swapBody,
  type AbsenceBody,
  type AbsenceLiftBody,
  type AttendanceBody,
  type OwnAttendanceBody,
  type RosterBody,
  type ShiftAnswer,
  type ShiftExceptionBody,
  type ShiftPatternsBody,
  type ShiftQuery,
  type SwapBody,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { ShiftService } from './shift.service.ts';

/** A name that no shift has is answered as unknown, whatever it looks like. */
const word = z.string().max(40);

/** The calendar of shifts, who works which, and who is here. */
@ApiTags('shifts')
@Controller('api/shifts')
export class ShiftController {
  constructor(private readonly shifts: ShiftService) {}

  @Get()
  @Requires('shift:view')
  @Answers(z.array(shiftView))
  list(@Query({ schema: shiftQuery }) query: ShiftQuery, @SignedIn() user: SignedInUser) {
    return this.shifts.list(query, user);
  }

  @Get('on-duty')
  @Requires('shift:view')
  @Answers(dutyView)
  duty(@SignedIn() user: SignedInUser) {
    return this.shifts.duty(user);
  }

  @Get('calendar')
  @Requires('shift:view')
  @Answers(shiftCalendarView)
  calendar() {
    return this.shifts.calendar();
  }

  @Put('calendar/patterns')
  @Requires('shift:manage')
  @Answers(shiftAnswer)
  setPatterns(
    @Body({ schema: shiftPatternsBody }) body: ShiftPatternsBody,
    @SignedIn() user: SignedInUser,
  ): Promise<ShiftAnswer> {
    return this.shifts.setPatterns(body, user);
  }

  @Put('calendar/exceptions/:date')
  @Requires('shift:manage')
  @Answers(shiftAnswer)
  setException(
    @Param('date', { schema: shiftDate }) date: string,
    @Body({ schema: shiftExceptionBody }) body: ShiftExceptionBody,
    @SignedIn() user: SignedInUser,
  ): Promise<ShiftAnswer> {
    return this.shifts.setException(date, body, user);
  }

  @Post('swaps')
  @HttpCode(200)
  @Requires('shift:manage')
  @Answers(shiftAnswer)
  swap(@Body({ schema: swapBody }) body: SwapBody, @SignedIn() user: SignedInUser): Promise<ShiftAnswer> {
    return this.shifts.swap(body, user);
  }

  @Put(':date/:patternId/roster')
  @Requires('shift:manage')
  @Answers(shiftAnswer)
  setRoster(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @Body({ schema: rosterBody }) body: RosterBody,
    @SignedIn() user: SignedInUser,
  ): Promise<ShiftAnswer> {
    return this.shifts.setRoster(`${date}/${patternId}`, body, user);
  }

  @Post(':date/:patternId/absences')
  @HttpCode(200)
  @Requires('shift:manage')
  @Answers(shiftAnswer)
  absence(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @Body({ schema: absenceBody }) body: AbsenceBody,
    @SignedIn() user: SignedInUser,
  ): Promise<ShiftAnswer> {
    return this.shifts.recordAbsence(`${date}/${patternId}`, body, user);
  }

  @Post(':date/:patternId/absences/lift')
  @HttpCode(200)
  @Requires('shift:manage')
  @Answers(shiftAnswer)
  liftAbsence(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @Body({ schema: absenceLiftBody }) body: AbsenceLiftBody,
    @SignedIn() user: SignedInUser,
  ): Promise<ShiftAnswer> {
    return this.shifts.liftAbsence(`${date}/${patternId}`, body, user);
  }

  /** By radio, for somebody else. */
  @Post(':date/:patternId/attendance')
  @HttpCode(200)
  @Requires('incident:dispatch')
  @Answers(shiftAnswer)
  attendance(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @Body({ schema: attendanceBody }) body: AttendanceBody,
    @SignedIn() user: SignedInUser,
  ): Promise<ShiftAnswer> {
    return this.shifts.attendance(`${date}/${patternId}`, body, user);
  }

  /** Of oneself. */
  @Post(':date/:patternId/own-attendance')
  @HttpCode(200)
  @Requires('shift:view')
  @Answers(shiftAnswer)
  ownAttendance(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @Body({ schema: ownAttendanceBody }) body: OwnAttendanceBody,
    @SignedIn() user: SignedInUser,
  ): Promise<ShiftAnswer> {
    return this.shifts.attendance(`${date}/${patternId}`, { ...body, staffId: user.accountId }, user);
  }
}
