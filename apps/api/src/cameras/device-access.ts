import { Inject, Injectable } from '@nestjs/common';
import { ok, refusal, refused, type Result } from '#libs/base';
import { OnvifDevice, parseWebAddress, type ClockError, type Login, type ServiceAddress } from '#libs/onvif';
import { CLOCK, type Clock } from '../clock.ts';
import { DeviceLines } from './soap-line.ts';

/** A device whose hour is known: logins to it are signed with its own time. */
export interface OpenDevice {
  readonly device: OnvifDevice;
  readonly address: ServiceAddress;
  readonly clock: ClockError;
}

/** Opens devices by their stored address. */
@Injectable()
export class DeviceAccess {
  constructor(
    private readonly lines: DeviceLines,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Refusals: `address-not-allowed` (the networks may have been narrowed since) and every `OnvifCode`. */
  async open(onvifUrl: string, login: Login | undefined, maxExchangeMs?: number): Promise<Result<OpenDevice>> {
    const address = parseWebAddress(onvifUrl);
    if (!address) return refused(refusal('conflict', 'address-malformed', 'the stored address cannot be read'));
    const line = this.lines.to(address, maxExchangeMs);
    if (!line.ok) return line;
    const device = new OnvifDevice(line.value, address, login, this.clock);
    const clock = await device.clockError();
    return clock.ok ? ok({ device, address, clock: clock.value }) : clock;
  }
}
