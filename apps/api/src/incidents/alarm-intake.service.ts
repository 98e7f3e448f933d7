import { Injectable } from '@nestjs/common';
import type { CommandAnswer, IntakeCommandBody, OpenIncidentBody } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AlarmIncidents } from '../alarms/alarm-incidents.service.ts';
import { DispatchService } from '../dispatch/dispatch.service.ts';

/** Incidents that come of an alarm of a camera: the incident, its link and the acknowledgement are one transaction. */
@Injectable()
export class AlarmIntake {
  constructor(
    private readonly dispatch: DispatchService,
    private readonly alarms: AlarmIncidents,
  ) {}

  /** @throws {RefusalError} `alarm-unknown`, `alarm-has-incident`, and what `openIncident` refuses. */
  async open({ alarmId, ...body }: OpenIncidentBody & { alarmId: string }, by: SignedInUser): Promise<CommandAnswer> {
    const { commandId, sentAtMs, ...wish } = body;
    const alarm = await this.alarms.alarmOf(alarmId);
    const answer = await this.dispatch.run(
      { kind: 'openIncident', ...wish, alarm },
      { commandId, sentAtMs },
      by,
      (manager) => this.alarms.link(alarmId, wish.incidentId, by, manager),
    );
    await this.alarms.told(alarmId);
    return answer;
  }

  /** The same for an incident that is registered already. */
  async link(
    incidentId: string,
    { alarmId, commandId, sentAtMs }: Extract<IntakeCommandBody, { kind: 'linkAlarm' }>,
    by: SignedInUser,
  ): Promise<CommandAnswer> {
    const alarm = await this.alarms.alarmOf(alarmId);
    const wish = { kind: 'linkAlarm', incidentId, alarm } as const;
    const answer = await this.dispatch.run(wish, { commandId, sentAtMs }, by, (manager) =>
      this.alarms.link(alarmId, incidentId, by, manager),
    );
    await this.alarms.told(alarmId);
    return answer;
  }
}
