import { Inject, Injectable } from '@nestjs/common';
import {
  catalogueOf,
  type Board,
  type DecisionContext,
  type DispatchCommand,
  type DispatchRules,
  type IncidentType,
} from '#libs/dispatch';
import { IncidentTypeEntity } from '../catalogue/incident-type.entity.ts';
import type { LedgerTurn } from '../ledger/ledger-command.ts';
import { DISPATCH_RULES } from './dispatch-rules.ts';
import { DutyRolls } from './duty-rolls.ts';

/** Commands for which the roster counts. */
const BY_ROLL: readonly DispatchCommand['kind'][] = ['assign', 'startDuty'];

/** What a decision knows beside the board, read in its own transaction and no more than it needs. */
@Injectable()
export class DispatchContext {
  constructor(
    private readonly rolls: DutyRolls,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
  ) {}

  async of(command: DispatchCommand, board: Board, by: string, turn: LedgerTurn): Promise<DecisionContext> {
    const { manager, atMs } = turn;
    const types = await this.typesFor(command, board, turn);
    const roll = BY_ROLL.includes(command.kind) ? await this.rolls.at(atMs, manager) : null;
    const elsewhere = command.kind === 'startDuty' ? await crewsElsewhere(command.unitId, turn) : new Set<string>();
    return {
      nowMs: atMs,
      by,
      catalogue: catalogueOf(types),
      roll,
      rules: this.rules,
      crewElsewhere: (staffId) => elsewhere.has(staffId),
    };
  }

  private async typesFor(command: DispatchCommand, board: Board, { manager }: LedgerTurn): Promise<IncidentType[]> {
    const named = 'typeCode' in command ? command.typeCode : undefined;
    const attended =
      command.kind === 'assign' ? board.incident(command.incidentId)?.classification?.typeCode : undefined;
    const code = named ?? attended;
    return code === undefined ? [] : manager.findBy(IncidentTypeEntity, { code });
  }
}

/** People in the crews of other units that are on duty. */
async function crewsElsewhere(exceptUnitId: string, { manager }: LedgerTurn): Promise<Set<string>> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT DISTINCT member ->> 'staffId' AS id FROM unit, jsonb_array_elements(state -> 'duty' -> 'crew') AS member
     WHERE on_duty AND unit.id <> $1`,
    [exceptUnitId],
  );
  return new Set(rows.map(({ id }) => id));
}
