import { Module } from '@nestjs/common';
import { ShiftsModule } from '../shifts/shifts.module.ts';
import { FactsStore } from './facts.store.ts';
import { HandoverController } from './handover.controller.ts';
import { HandoverService } from './handover.service.ts';
import { HandoverStore } from './handover.store.ts';

/** The books of shifts: what the one who comes has to know. */
@Module({
  imports: [ShiftsModule],
  controllers: [HandoverController],
  providers: [FactsStore, HandoverStore, HandoverService],
})
export class HandoversModule {}
