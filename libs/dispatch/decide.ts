import type { Result } from '#libs/base';
import type { Board } from './board.ts';
import type { CommandOf, DispatchCommand, DispatchCommandKind } from './commands.ts';
import type { DecisionContext } from './context.ts';
import * as assignment from './decide-assignment.ts';
import * as incident from './decide-incident.ts';
import * as ending from './decide-ending.ts';
import * as relation from './decide-relation.ts';
import * as stray from './decide-stray.ts';
import * as unit from './decide-unit.ts';
import type { DispatchEvent } from './events.ts';

type Decider<K extends DispatchCommandKind> = (
  board: Board,
  command: CommandOf<K>,
  context: DecisionContext,
) => Result<readonly DispatchEvent[]>;

const DECIDERS: { readonly [K in DispatchCommandKind]: Decider<K> } = {
  openIncident: incident.openIncident,
  addCall: incident.addCall,
  classify: incident.classify,
  setPriority: incident.setPriority,
  relocate: incident.relocate,
  addNarrative: incident.addNarrative,
  mask: incident.mask,
  liftMask: incident.liftMask,
  unmask: incident.unmask,
  requestBackup: incident.requestBackup,
  link: relation.link,
  unlink: relation.unlink,
  linkAlarm: incident.linkAlarm,
  merge: relation.merge,
  refer: relation.refer,
  referralTaken: relation.referralTaken,
  referralDeclined: relation.referralDeclined,
  control: ending.control,
  close: ending.close,
  dismiss: ending.dismiss,
  reopen: ending.reopen,
  amend: ending.amend,
  assign: assignment.assign,
  acknowledgeAssignment: assignment.acknowledgeAssignment,
  enRoute: assignment.enRoute,
  arrive: assignment.arrive,
  transport: assignment.transport,
  reachStation: assignment.reachStation,
  clear: assignment.clear,
  withdraw: assignment.withdraw,
  decline: assignment.decline,
  correctStatus: assignment.correctStatus,
  registerUnit: unit.registerUnit,
  changeUnit: unit.changeUnit,
  retireUnit: unit.retireUnit,
  startDuty: unit.startDuty,
  endDuty: unit.endDuty,
  setUnitStatus: unit.setUnitStatus,
  checkIn: unit.checkIn,
  raiseSos: unit.raiseSos,
  acknowledgeSos: unit.acknowledgeSos,
  resolveSos: unit.resolveSos,
  raiseStray: stray.raiseStray,
  acknowledgeStray: stray.acknowledgeStray,
  endStray: stray.endStray,
};

/**
 * What a command does, or why not: events to append, in order, in one transaction. No event means that it was so already.
 * Nothing is changed here; fold the events with `evolve`. Every refusal has a code of `DISPATCH_CODES`.
 */
export function decide<K extends DispatchCommandKind>(
  board: Board,
  command: CommandOf<K> & DispatchCommand,
  context: DecisionContext,
): Result<readonly DispatchEvent[]> {
  const decider = DECIDERS[command.kind] as Decider<K>;
  return decider(board, command, context);
}
