import { Controller, Get, Header, HttpCode, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { readinessView, systemView, type ReadinessView, type SystemView } from '#libs/wire';
import { LocalOrRequires, Requires } from '../access/requires.ts';
import { Answers } from '../http/open-api.ts';
import { HealthService } from './health.service.ts';
import { MetricsService } from './metrics.service.ts';

const liveView = z.object({ status: z.literal('live') });

/** For probes, Prometheus and the system page. */
@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly metrics: MetricsService,
  ) {}

  /** The process answers; whether it can work is the question of `/health/ready`. */
  @Get('health/live')
  @LocalOrRequires('system:view')
  @HttpCode(200)
  @Answers(liveView)
  live(): z.infer<typeof liveView> {
    return { status: 'live' };
  }

  @Get('health/ready')
  @LocalOrRequires('system:view')
  @Answers(readinessView)
  @Answers(readinessView, 503)
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessView> {
    const readiness = await this.health.readiness();
    response.status(readiness.status === 'unavailable' ? 503 : 200);
    return readiness;
  }

  @Get('metrics')
  @LocalOrRequires('system:view')
  @Header('Cache-Control', 'no-store')
  async prometheus(@Res() response: Response): Promise<void> {
    const text = await this.metrics.text();
    response.setHeader('Content-Type', this.metrics.contentType);
    response.end(text);
  }

  @Get('api/health/system')
  @Requires('system:view')
  @Answers(systemView)
  system(): Promise<SystemView> {
    return this.health.system();
  }
}
