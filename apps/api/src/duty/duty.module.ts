import { Global, Module } from '@nestjs/common';
import { DutyService } from './duty.service.ts';

/** Which of several apis does what only one may do. */
@Global()
@Module({ providers: [DutyService], exports: [DutyService] })
export class DutyModule {}
