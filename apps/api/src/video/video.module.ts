import { Module } from '@nestjs/common';
import { CamerasModule } from '../cameras/cameras.module.ts';
import { VideoController } from './video.controller.ts';
import { VideoService } from './video.service.ts';

/** Leave to watch. */
@Module({ imports: [CamerasModule], controllers: [VideoController], providers: [VideoService] })
export class VideoModule {}
