import { randomUUID } from 'node:crypto';
import type { Role } from '#libs/access';
import type { CommandAnswer, ErrorBody } from '#libs/wire';
import type { AccountEntity } from '../src/access/account.entity.ts';
import type { TestApplication } from './test-application.ts';

/** Plaza de Armas of Ilo. */
export const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
export const AT_PLAZA = { point: PLAZA, sectorId: null, address: '', reference: '' };

export interface Answered<T> {
  readonly status: number;
  readonly body: T;
}

/** People of a centre who talk to its api by HTTP. */
export class TestCentre {
  private readonly cookies = new Map<string, string>();
  readonly accounts = new Map<string, AccountEntity>();

  constructor(readonly test: TestApplication) {}

  async hire(name: string, role: Role): Promise<void> {
    const account = await this.test.addAccount(name, role);
    this.accounts.set(name, account);
    this.cookies.set(name, await this.test.cookieOf(account));
  }

  cookieOf(who: string): string {
    return this.cookies.get(who)!;
  }

  async ask<T = ErrorBody>(who: string, method: string, path: string, body?: unknown): Promise<Answered<T>> {
    const response = await this.test.call(method, path, { cookie: this.cookieOf(who), body });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  /** The answer of a GET that is served. */
  async get<T>(who: string, path: string): Promise<T> {
    const { status, body } = await this.ask<T>(who, 'GET', path);
    if (status !== 200) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`);
    return body;
  }

  envelope(commandId: string = randomUUID()): { commandId: string; sentAtMs: number } {
    return { commandId, sentAtMs: this.test.clock.nowMs() };
  }

  /** A command; answers what it did, or the code of the refusal. */
  async send(who: string, path: string, wish: object, method = 'POST'): Promise<CommandAnswer | string> {
    const { status, body } = await this.ask<CommandAnswer | ErrorBody>(who, method, path, {
      ...this.envelope(),
      ...wish,
    });
    return status < 300 ? (body as CommandAnswer) : (body as ErrorBody).code;
  }

  /** The same, which must be done. */
  async do(who: string, path: string, wish: object, method = 'POST'): Promise<CommandAnswer> {
    const answer = await this.send(who, path, wish, method);
    if (typeof answer === 'string') throw new Error(`${path} was refused: ${answer}`);
    return answer;
  }

  async open(who: string, wish: object = {}): Promise<string> {
    const incidentId = randomUUID();
    await this.do(who, '/api/incidents', {
      incidentId,
      channel: 'TEL_LOCAL',
      typeCode: 'ORD-01',
      place: AT_PLAZA,
      ...wish,
    });
    return incidentId;
  }

  /** A unit on duty, registered by a supervisor. */
  async unit(who: string, crew: string = randomUUID(), kind = 'MOV'): Promise<string> {
    const unitId = randomUUID();
    const profile = {
      callSign: unitId.slice(0, 8),
      kind,
      vehicle: null,
      equipment: [],
      sectorId: null,
      checkInEveryMs: null,
    };
    await this.do(who, '/api/units', { unitId, profile });
    const member = { staffId: crew, name: 'Sereno', post: 'driver', skills: [] };
    await this.do(who, `/api/units/${unitId}/duty`, {
      kind: 'startDuty',
      shiftId: null,
      crew: [member],
      startKm: null,
    });
    return unitId;
  }
}
