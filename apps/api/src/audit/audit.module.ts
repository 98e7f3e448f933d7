import { Global, Module } from '@nestjs/common';
import { AuditController } from './audit.controller.ts';
import { AuditService } from './audit.service.ts';
import { AuditStore } from './audit.store.ts';

/** Who did what, when, and how it ended. */
@Global()
@Module({ controllers: [AuditController], providers: [AuditService, AuditStore], exports: [AuditService] })
export class AuditModule {}
