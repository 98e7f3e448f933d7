import type { Account } from './account.ts';
import type { CrewAct } from './crew.ts';

/** How a crew's word reaches the centre. Throws when it does not. */
export interface Voice {
  say(act: CrewAct): Promise<void>;
}

/** The crew's own tablet: an account of its own, and the route that knows which unit it is in. */
export class TabletVoice implements Voice {
  constructor(private readonly account: Account) {}

  async say(act: CrewAct): Promise<void> {
    await this.account.command('/api/units/own/report', act);
  }
}

/** By radio: somebody at the centre writes down what a crew without a tablet says. */
export class RadioVoice implements Voice {
  constructor(
    private readonly account: Account,
    private readonly unitId: string,
  ) {}

  async say(act: CrewAct): Promise<void> {
    if (!('incidentId' in act)) {
      await this.account.command(`/api/units/${this.unitId}/duty`, act);
      return;
    }
    const { incidentId, ...word } = act;
    await this.account.command(`/api/incidents/${incidentId}/dispatch`, { ...word, unitId: this.unitId });
  }
}
