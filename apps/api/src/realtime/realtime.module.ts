import { Global, Module } from '@nestjs/common';
import { RealtimeGateway } from './realtime.gateway.ts';
import { RealtimeService } from './realtime.service.ts';

/** Snapshots and numbered changes, and the socket they travel by. */
@Global()
@Module({ providers: [RealtimeService, RealtimeGateway], exports: [RealtimeService, RealtimeGateway] })
export class RealtimeModule {}
