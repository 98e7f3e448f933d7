import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { ShiftCommands } from './shift-commands.ts';
import { ShiftPublisher } from './shift-publisher.ts';
import { ShiftController } from './shift.controller.ts';
import { ShiftService } from './shift.service.ts';
import { ShiftStore } from './shift.store.ts';
import { StaffController } from './staff.controller.ts';
import { StaffService } from './staff.service.ts';

/** Calendar, rosters, attendance. */
@Module({
  imports: [DispatchModule],
  controllers: [ShiftController, StaffController],
  providers: [ShiftStore, StaffService, ShiftCommands, ShiftService, ShiftPublisher],
  exports: [ShiftStore, ShiftCommands],
})
export class ShiftsModule {}
