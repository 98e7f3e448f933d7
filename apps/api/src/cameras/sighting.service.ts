import { Injectable } from '@nestjs/common';
import type { Result } from '#libs/base';
import { CandidateService, type Sighted } from './candidate.service.ts';
import type { Sighting } from './device-finder.ts';
import { RebindingService } from './rebinding.service.ts';

/** What to do with a device that answered: list it, and follow it when it is a camera of ours that moved. */
@Injectable()
export class SightingService {
  constructor(
    private readonly candidates: CandidateService,
    private readonly rebinding: RebindingService,
  ) {}

  /** Refusal: `candidates-full`. */
  async take(sighting: Sighting): Promise<Result<Sighted>> {
    const sighted = await this.candidates.seen(sighting);
    if (sighted.ok && sighted.value.camera) await this.rebinding.consider(sighted.value.camera, sighting);
    return sighted;
  }
}
