import { Global, Module } from '@nestjs/common';
import { RealtimeService } from './realtime.service.ts';

@Global()
@Module({ providers: [RealtimeService], exports: [RealtimeService] })
export class RealtimeModule {}
