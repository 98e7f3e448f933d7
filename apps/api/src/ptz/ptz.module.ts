import { Module } from '@nestjs/common';
import { CamerasModule } from '../cameras/cameras.module.ts';
import { PtzBoard } from './ptz-board.ts';
import { PtzHeads } from './ptz-heads.ts';
import { PtzPublisher } from './ptz-publisher.ts';
import { PtzTourController } from './ptz-tour.controller.ts';
import { PtzTourService } from './ptz-tour.service.ts';
import { PtzTourStore } from './ptz-tour.store.ts';
import { PtzController } from './ptz.controller.ts';
import { PtzService } from './ptz.service.ts';
import { TourRunner } from './tour-runner.ts';
import { TurnLog } from './turn-log.ts';

/** Who steers which camera, its presets, its tours. */
@Module({
  imports: [CamerasModule],
  controllers: [PtzController, PtzTourController],
  providers: [PtzBoard, PtzHeads, PtzTourStore, PtzPublisher, TurnLog, PtzService, PtzTourService, TourRunner],
})
export class PtzModule {}
