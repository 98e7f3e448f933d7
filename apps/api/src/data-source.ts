import type { EventEmitter } from 'node:events';
import { DataSource, MigrationExecutor, type DataSourceOptions } from 'typeorm';
import { reasonOf, type Logger } from '#libs/base';
import { CameraAlarmEntity } from './alarms/camera-alarm.entity.ts';
import { CameraAlarmRuleEntity } from './alarms/camera-alarm-rule.entity.ts';
import { CameraEventTopicEntity } from './alarms/camera-event-topic.entity.ts';
import { ZoneAlarmScheduleEntity } from './alarms/zone-alarm-schedule.entity.ts';
import { CameraCandidateEntity } from './cameras/camera-candidate.entity.ts';
import { CameraHealthEntity } from './cameras/camera-health.entity.ts';
import { CameraLeaseEntity } from './cameras/camera-lease.entity.ts';
import { CameraStreamEntity } from './cameras/camera-stream.entity.ts';
import { CameraEntity } from './cameras/camera.entity.ts';
import { ZoneEntity } from './zones/zone.entity.ts';
import { CamerasAndAccess1795305600000 } from '../../../migrations/1795305600000-cameras-and-access.ts';
import { AuditAppendOnly1795309200000 } from '../../../migrations/1795309200000-audit-append-only.ts';
import { PtzTours1795366800000 } from '../../../migrations/1795366800000-ptz-tours.ts';
import { CameraLeases1795478400000 } from '../../../migrations/1795478400000-camera-leases.ts';
import { CameraAlarms1795478500000 } from '../../../migrations/1795478500000-camera-alarms.ts';
import { Publishers1795478600000 } from '../../../migrations/1795478600000-publishers.ts';
import { RelayFfmpeg1795478700000 } from '../../../migrations/1795478700000-relay-ffmpeg.ts';
import { CameraTransport1795478800000 } from '../../../migrations/1795478800000-camera-transport.ts';
import { CameraAudio1795478800001 } from '../../../migrations/1795478800001-camera-audio.ts';
import { Ledger1795478900000 } from '../../../migrations/1795478900000-ledger.ts';
import { Incidents1795479000000 } from '../../../migrations/1795479000000-incidents.ts';
import { PositionsAndSectors1795479100000 } from '../../../migrations/1795479100000-positions-and-sectors.ts';
import { Shifts1795564800000 } from '../../../migrations/1795564800000-shifts.ts';
import { ReportFigures1795566800000 } from '../../../migrations/1795566800000-report-figures.ts';
import { Replay1795565800000 } from '../../../migrations/1795565800000-replay.ts';
import { Places1795569000000 } from '../../../migrations/1795569000000-places.ts';
import { AlarmIncidents1795567800000 } from '../../../migrations/1795567800000-alarm-incidents.ts';
import { ProtocolTexts1795567900000 } from '../../../migrations/1795567900000-protocol-texts.ts';
import { AccountEntity } from './access/account.entity.ts';
import { LoginSessionEntity } from './access/login-session.entity.ts';
import { AuditEntryEntity } from './audit/audit-entry.entity.ts';
import { IncidentTypeEntity } from './catalogue/incident-type.entity.ts';
import type { ApiConfig } from './config.ts';
import { RelayNodeEntity } from './health/relay-node.entity.ts';
import { IncidentCallEntity } from './incidents/incident-call.entity.ts';
import { IncidentCodeEntity } from './incidents/incident-code.entity.ts';
import { IncidentUnmaskEntity } from './incidents/incident-unmask.entity.ts';
import { IncidentEntity } from './incidents/incident.entity.ts';
import { LedgerCommandEntity } from './ledger/ledger-command.entity.ts';
import { LedgerCursorEntity } from './ledger/ledger-cursor.entity.ts';
import { LedgerEntryEntity } from './ledger/ledger-entry.entity.ts';
import { LedgerHeadEntity } from './ledger/ledger-head.entity.ts';
import { LedgerVerificationEntity } from './ledger/ledger-verification.entity.ts';
import { onePacketSocket } from './ledger/one-packet-socket.ts';
import { FenceCrossingEntity } from './positions/fence-crossing.entity.ts';
import { KnownPlaceEntity } from './places/known-place.entity.ts';
import { PositionDeviceEntity } from './positions/position-device.entity.ts';
import { UnitFixEntity } from './positions/unit-fix.entity.ts';
import { PtzTourEntity } from './ptz/ptz-tour.entity.ts';
import { PublisherEntity } from './publishers/publisher.entity.ts';
import { AttendanceFigureEntity } from './reports/attendance-figure.entity.ts';
import { IncidentFigureEntity } from './reports/incident-figure.entity.ts';
import { PatrolDayEntity } from './reports/patrol-day.entity.ts';
import { ReferralFigureEntity } from './reports/referral-figure.entity.ts';
import { PastStateEntity } from './replay/past-state.entity.ts';
import { ReplayOpeningEntity } from './replay/replay-opening.entity.ts';
import { SectorEntity } from './sectors/sector.entity.ts';
import { HandoverEntity } from './handovers/handover.entity.ts';
import { RosterEntity } from './shifts/roster.entity.ts';
import { ShiftCalendarEntity } from './shifts/shift-calendar.entity.ts';
import { StaffMemberEntity } from './shifts/staff-member.entity.ts';
import { SettingEntity } from './settings/setting.entity.ts';
import { UnitEntity } from './units/unit.entity.ts';

/** Every table that the api maps. A test holds it equal to what the migrations make. */
export const ENTITIES = [
  AccountEntity,
  LoginSessionEntity,
  AuditEntryEntity,
  SettingEntity,
  RelayNodeEntity,
  CameraEntity,
  CameraStreamEntity,
  CameraHealthEntity,
  CameraLeaseEntity,
  CameraCandidateEntity,
  ZoneEntity,
  PtzTourEntity,
  LedgerEntryEntity,
  LedgerCommandEntity,
  LedgerHeadEntity,
  LedgerCursorEntity,
  LedgerVerificationEntity,
  CameraAlarmEntity,
  CameraAlarmRuleEntity,
  CameraEventTopicEntity,
  ZoneAlarmScheduleEntity,
  PublisherEntity,
  IncidentEntity,
  IncidentCallEntity,
  IncidentCodeEntity,
  IncidentUnmaskEntity,
  IncidentTypeEntity,
  UnitEntity,
  SectorEntity,
  KnownPlaceEntity,
  PositionDeviceEntity,
  UnitFixEntity,
  FenceCrossingEntity,
  ShiftCalendarEntity,
  RosterEntity,
  StaffMemberEntity,
  HandoverEntity,
  IncidentFigureEntity,
  ReferralFigureEntity,
  AttendanceFigureEntity,
  PatrolDayEntity,
  PastStateEntity,
  ReplayOpeningEntity,
];

/** Every migration, oldest first. A test holds it equal to the files of `migrations/`. */
export const MIGRATIONS = [
  CamerasAndAccess1795305600000,
  AuditAppendOnly1795309200000,
  PtzTours1795366800000,
  CameraLeases1795478400000,
  CameraAlarms1795478500000,
  Publishers1795478600000,
  RelayFfmpeg1795478700000,
  CameraTransport1795478800000,
  CameraAudio1795478800001,
  Ledger1795478900000,
  Incidents1795479000000,
  PositionsAndSectors1795479100000,
  Shifts1795564800000,
  Replay1795565800000,
  ReportFigures1795566800000,
  AlarmIncidents1795567800000,
  ProtocolTexts1795567900000,
  Places1795569000000,
];

/** A statement that runs longer is cancelled by the server: one bad query must not hold a connection for ever. */
const STATEMENT_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Any constant that no other user of the database takes; the two starters of one installation must agree on it. */
const MIGRATION_LOCK = 7_215_400_021;

export function dataSourceOptions(config: ApiConfig, logger: Logger): DataSourceOptions {
  return {
    type: 'postgres',
    url: config.databaseUrl,
    applicationName: 'atalaya-api',
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    poolSize: config.databasePoolSize,
    // Without a handler an idle connection that the server closes (a restart) ends this process.
    poolErrorHandler: (error: unknown) => logger.warn({ reason: reasonOf(error) }, 'idle database connection lost'),
    extra: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      onConnect: surviveLoss,
    },
  };
}

/** A row that somebody else holds keeps every command waiting: not for long. */
const LEDGER_LOCK_TIMEOUT_MS = 1_000;
const LEDGER_STATEMENT_TIMEOUT_MS = 5_000;
/** A writer that froze in the middle of a transaction lets go of its rows and of the writer's lock. */
const LEDGER_IDLE_TIMEOUT_MS = 10_000;

/**
 * The ledger writer's own single connection. Statements are pipelined and those of one turn leave in one packet, a commit is
 * flushed to the disk whatever the server's default is, and a writer whose machine has vanished is noticed in some 20 s, so
 * that another can take over.
 */
export function ledgerDataSource(config: Pick<ApiConfig, 'databaseUrl'>, logger: Logger): DataSource {
  const { extra, ...options } = dataSourceOptions({ ...config, databasePoolSize: 1 } as ApiConfig, logger);
  const session = [
    'synchronous_commit=on',
    `lock_timeout=${LEDGER_LOCK_TIMEOUT_MS}`,
    `idle_in_transaction_session_timeout=${LEDGER_IDLE_TIMEOUT_MS}`,
    'tcp_keepalives_idle=10',
    'tcp_keepalives_interval=3',
    'tcp_keepalives_count=3',
  ];
  return new DataSource({
    ...options,
    applicationName: 'atalaya-ledger',
    migrations: [],
    extra: {
      ...(extra as object),
      pipeline: true,
      stream: onePacketSocket,
      statement_timeout: LEDGER_STATEMENT_TIMEOUT_MS,
      options: session.map((setting) => `-c ${setting}`).join(' '),
    },
  } as DataSourceOptions);
}

/**
 * A connection that dies may say so twice (the server's last words, then the socket's end). TypeORM and the pool listen
 * for the first only, and a second `error` that nobody hears ends the process. The first is what gets reported.
 */
function surviveLoss(client: EventEmitter): void {
  client.on('error', () => {});
}

/** A connected database. For the modes that need no application; the application connects in `spine.module.ts`. */
export function connect(config: ApiConfig, logger: Logger): Promise<DataSource> {
  return new DataSource(dataSourceOptions(config, logger)).initialize();
}

/**
 * Runs what is not yet applied and answers the names. Two processes that start together take turns: one connection
 * holds the advisory lock and runs the migrations, and losing it releases both.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    // Waiting for the other process, or building an index on a year of rows, is not a bad query.
    await runner.query('SET statement_timeout = 0');
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await new MigrationExecutor(dataSource, runner).executePendingMigrations();
    return applied.map((migration) => migration.name);
  } finally {
    // A connection that was lost has released its lock already.
    await runner.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await runner.query('RESET statement_timeout').catch(() => undefined);
    await runner.release();
  }
}
