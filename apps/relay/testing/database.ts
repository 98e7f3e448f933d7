import { readdir } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { deriveKey, publishKeyHash, seal } from '#libs/secret';
import { createTestDatabase, type TestDatabase } from '../../../scripts/test-database.ts';
import { MASTER_KEY } from './processes.ts';

const MIGRATIONS = join(process.cwd(), 'migrations');

/** A database with every table of the product. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await migrate(database.url);
  return database;
}

export async function migrate(url: string): Promise<void> {
  const files = (await readdir(MIGRATIONS)).filter((name) => /^\d+-.*\.ts$/.test(name)).sort();
  const modules = await Promise.all(
    files.map((name) => import(join(MIGRATIONS, name)) as Promise<Record<string, new () => MigrationInterface>>),
  );
  const migrations = modules.flatMap((module) => Object.values(module));
  const source = await new DataSource({ type: 'postgres', url, migrations }).initialize();
  await source.runMigrations();
  await source.destroy();
}

export interface CameraSeed {
  readonly id: string;
  readonly code: string;
  readonly host: string;
  readonly login: { readonly username: string; readonly password: string };
  readonly streams: readonly { readonly role: 'main' | 'sub'; readonly uri: string }[];
}

/** Adopts a camera as the api does: its login sealed for it. */
export async function insertCamera(client: pg.Client, camera: CameraSeed): Promise<void> {
  const key = deriveKey(MASTER_KEY, 'camera-credential');
  const sealed = seal(key, Buffer.from(JSON.stringify(camera.login)), camera.id);
  await client.query(
    `INSERT INTO camera (id, code, name, manufacturer, model, firmware, onvif_url, host, credential_sealed, has_ptz,
       has_events, adopted_at, updated_at)
     VALUES ($1, $2, $2, 'GStreamer', 'test', '1', '', $3, $4, false, false, now(), now())`,
    [camera.id, camera.code, camera.host, sealed],
  );
  for (const stream of camera.streams) {
    await client.query(
      `INSERT INTO camera_stream (camera_id, role, profile_token, uri, codec, width_px, height_px, frames_per_second)
       VALUES ($1, $2, 'p', $3, 'h264', 320, 240, 25)`,
      [camera.id, stream.role, stream.uri],
    );
  }
}

export interface PublisherSeed {
  readonly id: string;
  readonly code: string;
  readonly streamName: string;
  readonly key: string;
}

/** Registers a camera that pushes, as the api does: its key as a hash, its stream not known yet. */
export async function insertPublisher(client: pg.Client, { id, code, streamName, key }: PublisherSeed): Promise<void> {
  await client.query(
    `INSERT INTO camera (id, code, name, manufacturer, model, firmware, onvif_url, host, credential_sealed, has_ptz,
       has_events, adopted_at, updated_at)
     VALUES ($1, $2, $2, '', '', '', '', '', '', false, false, now(), now())`,
    [id, code],
  );
  await client.query(
    `INSERT INTO camera_stream (camera_id, role, profile_token, uri, codec, width_px, height_px)
     VALUES ($1, 'main', '', '', 'h264', 0, 0)`,
    [id],
  );
  await client.query(
    `INSERT INTO camera_publisher (camera_id, kind, stream_name, key_hash, key_changed_at)
     VALUES ($1, 'body-camera', $2, $3, now())`,
    [id, streamName, publishKeyHash(key)],
  );
}

export async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Stands between the relay and the database, so that a test can take the database away and give it back. */
export class DatabaseGate {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly target: URL) {}

  /** The database's address through the gate. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.toString();
  }

  async open(): Promise<void> {
    const server = createServer((client) => this.join(client));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', () => resolve()));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** As a killed server does: every connection reset, no new one taken. */
  async shut(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.sockets) socket.resetAndDestroy();
    await closed;
  }

  private join(client: Socket): void {
    const database = connect(Number(this.target.port || 5432), this.target.hostname);
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
