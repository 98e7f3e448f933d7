import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RefusalError, refusal } from '#libs/base';
import { mapView, type MapView } from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { API_CONFIG, type ApiConfig, type MapConfig } from '../config.ts';
import { Answers } from '../http/open-api.ts';

const PMTILES_ADDRESS = '/api/map/base.pmtiles';

/** What lies under the layers: an operator's own file, online tiles, or the schematic that the console draws. */
@ApiTags('map')
@Controller('api/map')
@Requires('map:view')
export class MapController {
  constructor(@Inject(API_CONFIG) private readonly config: ApiConfig) {}

  @Get()
  @Answers(mapView)
  show(): MapView {
    const { map } = this.config;
    return { base: baseOf(map), centre: map.centre, zoom: map.zoom };
  }

  /** The whole file is gigabytes: the map reads parts of it by `Range` (RFC 9110 §14). */
  @Get('base.pmtiles')
  file(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { pmtilesFile } = this.config.map;
    if (pmtilesFile === null) throw new RefusalError(refusal('not-found', 'no-map-file', 'no map file is configured'));
    return sendParts(pmtilesFile, request, response);
  }
}

function baseOf({ pmtilesFile, tilesUrl, attribution }: MapConfig): MapView['base'] {
  if (pmtilesFile !== null) return { kind: 'pmtiles', url: PMTILES_ADDRESS, attribution };
  if (tilesUrl !== null) return { kind: 'tiles', url: tilesUrl, attribution };
  return { kind: 'schematic' };
}

/** Resolves when it is sent or the browser went away; `send` answers a range that cannot be served itself (416). */
function sendParts(file: string, request: Request, response: Response): Promise<void> {
  const headers = { 'Content-Type': 'application/vnd.pmtiles', 'Cache-Control': 'private, no-cache' };
  return new Promise((resolve, reject) => {
    response.sendFile(
      file,
      { headers, cacheControl: false, dotfiles: 'allow' },
      (error?: Error & { status?: number }) => {
        if (!error || request.destroyed || response.headersSent) resolve();
        else if (error.status === 416) resolve(void response.status(416).end());
        else reject(error);
      },
    );
  });
}
