import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
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

  /** Rows of the catalogue that the command itself names. */
  async typesNamedBy(command: DispatchCommand, manager: EntityManager): Promise<readonly IncidentType[]> {
    const code = 'typeCode' in command ? command.typeCode : undefined;
    return code === undefined ? [] : manager.findBy(IncidentTypeEntity, { code });
  }

  async of(
    command: DispatchCommand,
    named: readonly IncidentType[],
    board: Board,
    by: string,
    turn: LedgerTurn,
  ): Promise<DecisionContext> {
    const { manager, atMs } = turn;
    const types = command.kind === 'assign' ? await typesAttended(board, command.incidentId, manager) : named;
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
}

/** The type of an incident to which a unit is sent. */
async function typesAttended(board: Board, incidentId: string, manager: EntityManager): Promise<IncidentType[]> {
  const code = board.incident(incidentId)?.classification?.typeCode;
  return code === undefined ? [] : manager.findBy(IncidentTypeEntity, { code });
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
