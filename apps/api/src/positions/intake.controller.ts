import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { parseOsmAnd, parseOwnTracks, parseTraccarClient, type DeviceReport } from '#libs/avl';
import { RefusalError, type Result } from '#libs/base';
import { FromDevice, Device } from './device.guard.ts';
import type { KnownDevice } from './device-registry.ts';
import { IntakeService } from './intake.service.ts';

/** Messages that are understood and hold no position: a phone that is told "wrong" sends them for ever. */
const PASSED_OVER: ReadonlySet<string> = new Set(['fix-not-location', 'fix-invalid']);

/**
 * Positions from phones and trackers. They look at the status alone: 200 is "forget it", anything else "send it again". So
 * a fix that will never be taken (too old, a wrong clock) is answered with 200 too, and counted for the centre to see.
 */
@ApiTags('positions')
@Controller('api/positions')
@FromDevice()
export class IntakeController {
  constructor(private readonly intake: IntakeService) {}

  /** OsmAnd and Traccar Client before 9.0: everything in the query. */
  @Get('osmand/:token')
  @HttpCode(200)
  async osmAnd(@Req() request: Request, @Device() device: KnownDevice): Promise<string> {
    await this.take(device, parseOsmAnd(queryOf(request), this.intake.nowMs()));
    return '';
  }

  /** The same as a form or in the query, and the JSON of Traccar Client 9.0 and later. */
  @Post('osmand/:token')
  @HttpCode(200)
  async traccarClient(@Req() request: Request, @Body() body: unknown, @Device() device: KnownDevice): Promise<string> {
    if (request.is('json')) await this.take(device, parseTraccarClient(body));
    else {
      const parameters = typeof body === 'string' && body !== '' ? new URLSearchParams(body) : queryOf(request);
      await this.take(device, parseOsmAnd(parameters, this.intake.nowMs()));
    }
    return '';
  }

  /** OwnTracks in HTTP mode with the token in its address. It expects a list of messages for itself: there are none. */
  @Post('owntracks/:token')
  @HttpCode(200)
  async ownTracks(@Body() body: unknown, @Device() device: KnownDevice): Promise<[]> {
    await this.take(device, parseOwnTracks(body));
    return [];
  }

  /** The same with the token as the password of its login. */
  @Post('owntracks')
  @HttpCode(200)
  async ownTracksByLogin(@Body() body: unknown, @Device() device: KnownDevice): Promise<[]> {
    await this.take(device, parseOwnTracks(body));
    return [];
  }

  /** @throws {RefusalError} a `fix-…` code of the parser, `too-many-reports`, `positions-busy`. */
  private async take(device: KnownDevice, report: Result<DeviceReport>): Promise<void> {
    if (report.ok) return this.intake.takeFromDevice(device, report.value.fixes);
    this.intake.countUnread(device, report.refusal.code);
    if (!PASSED_OVER.has(report.refusal.code)) throw new RefusalError(report.refusal);
  }
}

function queryOf(request: Request): URLSearchParams {
  const from = request.originalUrl.indexOf('?');
  return new URLSearchParams(from === -1 ? '' : request.originalUrl.slice(from + 1));
}
