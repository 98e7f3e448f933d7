import { Inject } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { allows } from '#libs/access';
import { RefusalError, type Clock, type Logger } from '#libs/base';
import { positionReport, type PositionReportAnswer } from '#libs/wire';
import { SessionService } from '../access/session.service.ts';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK } from '../clock.ts';
import { refusalOf } from '../http/refusal.filter.ts';
import { LOGGER } from '../logging.ts';
import { RateLimit } from '../realtime/rate-limit.ts';
import { IntakeService } from './intake.service.ts';

/** One a second, with some to spare for what was buffered. */
const MAX_REPORTS = 30;
const REPORT_WINDOW_MS = 10_000;

/** Positions of a crew's own tablet, by the socket that it has open already. Who may connect is the realtime slice's. */
@WebSocketGateway()
export class PositionGateway implements OnGatewayConnection<Socket> {
  constructor(
    private readonly intake: IntakeService,
    private readonly sessions: SessionService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  handleConnection(socket: Socket): void {
    const limit = new RateLimit(this.clock, MAX_REPORTS, REPORT_WINDOW_MS);
    const { user } = socket.data as { user?: SignedInUser };
    if (!user) throw new Error('a socket came past the login');
    socket.on('position:report', (report: unknown, answer: unknown) => {
      if (typeof answer !== 'function') return;
      const reply = answer as (result: PositionReportAnswer) => void;
      void this.take(user, limit, report).then(reply);
    });
  }

  /** Never rejects: what is thrown becomes an answer. */
  private async take(user: SignedInUser, limit: RateLimit, report: unknown): Promise<PositionReportAnswer> {
    const parsed = positionReport.safeParse(report);
    if (!parsed.success) return no('input-invalid', 'a report has 1 to 50 positions with a place and a time');
    if (!limit.take()) return no('too-many-reports', `at most ${MAX_REPORTS} in ${REPORT_WINDOW_MS} ms`);
    try {
      // Asked again: the socket may be hours older than what its owner may do now.
      const now = (await this.sessions.standing([user.sessionId])).get(user.sessionId);
      if (!now) return no('not-signed-in', 'sign in first');
      if (!allows(now.role, 'unit:report')) return no('permission-missing', `positions are not for ${now.role}`);
      const fixes = parsed.data.fixes.map((fix) => ({ ...fix, hdop: null }));
      const { taken, refused } = await this.intake.takeFromCrew(now.accountId, fixes);
      return { ok: true, taken, refused: Object.fromEntries(refused) };
    } catch (thrown) {
      const { code, message } = refusalOf(thrown);
      if (!(thrown instanceof RefusalError)) this.logger.warn({ code }, 'positions of a tablet could not be taken');
      return no(code, message);
    }
  }
}

function no(code: string, message: string): PositionReportAnswer {
  return { ok: false, code, message };
}
