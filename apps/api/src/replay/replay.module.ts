import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.ts';
import { PositionsModule } from '../positions/positions.module.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { LogFile } from './log-file.ts';
import { OpeningService } from './opening.service.ts';
import { PastBoards } from './past-boards.ts';
import { PastStateStore } from './past-state.store.ts';
import { PastTrackStore } from './past-track.store.ts';
import { ReplayController } from './replay.controller.ts';
import { ReplayService } from './replay.service.ts';
import { ReplayStore } from './replay.store.ts';

/** The board, the positions and the log as they were at any past moment. */
@Module({
  imports: [DispatchModule, PositionsModule],
  controllers: [ReplayController],
  providers: [
    PastStateStore,
    CheckpointWriter,
    PastBoards,
    PastTrackStore,
    ReplayStore,
    OpeningService,
    ReplayService,
    LogFile,
  ],
})
export class ReplayModule {}
