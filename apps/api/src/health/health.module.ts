import { Module } from '@nestjs/common';
import { PositionsModule } from '../positions/positions.module.ts';
import { HealthController } from './health.controller.ts';
import { HealthService } from './health.service.ts';
import { HealthStore } from './health.store.ts';
import { MetricsService } from './metrics.service.ts';

/** How the system is. */
@Module({
  imports: [PositionsModule],
  controllers: [HealthController],
  providers: [HealthStore, HealthService, MetricsService],
})
export class HealthModule {}
