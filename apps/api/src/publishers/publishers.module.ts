import { Module } from '@nestjs/common';
import { CamerasModule } from '../cameras/cameras.module.ts';
import { PublisherController } from './publisher.controller.ts';
import { PublisherService } from './publisher.service.ts';
import { PublisherStore } from './publisher.store.ts';

/** Cameras that send by themselves, and their keys. */
@Module({
  imports: [CamerasModule],
  controllers: [PublisherController],
  providers: [PublisherStore, PublisherService],
})
export class PublishersModule {}
