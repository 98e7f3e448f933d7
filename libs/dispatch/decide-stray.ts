import { ok, type Result } from '#libs/base';
import type { Board } from './board.ts';
import type { CommandOf } from './commands.ts';
import type { DecisionContext } from './context.ts';
import type { DispatchEvent } from './events.ts';
import { knownUnit, stampMs } from './guards.ts';
import { no } from './refusals.ts';
import { MAX_STRAYS, strayOf } from './stray.ts';
import type { Unit } from './unit.ts';

type Decision = Result<readonly DispatchEvent[]>;

/** The centre's own finding, from positions. What stands already stays as it is. */
export function raiseStray(board: Board, command: CommandOf<'raiseStray'>, context: DecisionContext): Decision {
  const found = knownUnit(board, command.unitId);
  if (!found.ok) return found;
  const unit = found.value;
  const { strayKind, sectorId, sinceMs } = command;
  if (unit.duty === null) return no('unit-off-duty', `nobody has signed on to ${unit.callSign}`);
  if (strayOf(unit.strays, strayKind, sectorId)) return ok([]);
  if ((unit.strays?.length ?? 0) >= MAX_STRAYS) return no('strays-full', `at most ${MAX_STRAYS} stand for one unit`);
  return ok([{ kind: 'unit:strayed', ...stampOf(unit, context), strayKind, sectorId, sinceMs }]);
}

export function acknowledgeStray(
  board: Board,
  command: CommandOf<'acknowledgeStray'>,
  context: DecisionContext,
): Decision {
  const found = knownUnit(board, command.unitId);
  if (!found.ok) return found;
  const { strayKind, sectorId } = command;
  const stray = strayOf(found.value.strays, strayKind, sectorId);
  if (!stray) return no('stray-none', `${found.value.callSign} is where it should be`);
  if (stray.acknowledgedBy !== null)
    return no('stray-already-acknowledged', 'somebody has taken it', { by: stray.acknowledgedBy });
  return ok([{ kind: 'unit:strayAcknowledged', ...stampOf(found.value, context), strayKind, sectorId }]);
}

/** Ended by a position, by the centre, or by an area that is gone. What does not stand has ended already. */
export function endStray(board: Board, command: CommandOf<'endStray'>, context: DecisionContext): Decision {
  const found = knownUnit(board, command.unitId);
  if (!found.ok) return found;
  const { strayKind, sectorId, cause } = command;
  if (!strayOf(found.value.strays, strayKind, sectorId)) return ok([]);
  return ok([{ kind: 'unit:strayEnded', ...stampOf(found.value, context), strayKind, sectorId, cause }]);
}

function stampOf(unit: Unit, context: DecisionContext): { unitId: string; atMs: number; by: string } {
  return { unitId: unit.id, atMs: stampMs(context, unit), by: context.by };
}
