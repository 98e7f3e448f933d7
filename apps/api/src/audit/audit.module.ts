import { Global, Module } from '@nestjs/common';
import { AuditController } from './audit.controller.ts';
import { AuditService } from './audit.service.ts';
import { AuditStore } from './audit.store.ts';
import { RefusalAuditService } from './refusal-audit.service.ts';

/** Who did what, when, and how it ended. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [AuditService, RefusalAuditService, AuditStore],
  exports: [AuditService, RefusalAuditService],
})
export class AuditModule {}
