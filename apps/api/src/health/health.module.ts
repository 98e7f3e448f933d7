import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.ts';
import { HealthService } from './health.service.ts';
import { HealthStore } from './health.store.ts';
import { MetricsService } from './metrics.service.ts';

/** How the system is. */
@Module({ controllers: [HealthController], providers: [HealthStore, HealthService, MetricsService] })
export class HealthModule {}
