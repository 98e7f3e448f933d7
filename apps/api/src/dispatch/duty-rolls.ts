import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DutyRoll } from '#libs/dispatch';

/** Who is on duty by the roster. Whoever keeps shifts provides this in `dispatch.module.ts`. */
export abstract class DutyRolls {
  /** The roll at a moment, read in the transaction that decides; `null` when none is kept for it. */
  abstract at(atMs: number, manager: EntityManager): Promise<DutyRoll | null>;
}

/** Without rosters only signing on counts. */
@Injectable()
export class NoRolls extends DutyRolls {
  override at(): Promise<null> {
    return Promise.resolve(null);
  }
}
