import { plainText } from './xml.ts';

/** What is known of a device, from the firmest to the loosest. */
export interface DeviceMarks {
  /** As `readEndpointReference` wrote it. */
  readonly endpointReference: string | null;
  /** As `readMacAddress` wrote it. */
  readonly macAddress: string | null;
  readonly manufacturer: string;
  readonly serialNumber: string | null;
  readonly host: string;
  readonly port: number;
}

/**
 * One key per device, however it was found. The endpoint reference is made to be this (WS-Discovery 1.0 §2.6: constant
 * over reboots and addresses); a MAC address and a serial number of a maker are as good; an address is a last resort,
 * replaced as soon as more is known.
 */
export function identityOf(marks: DeviceMarks): string {
  if (marks.endpointReference) return marks.endpointReference;
  if (marks.macAddress) return `mac:${marks.macAddress}`;
  const serial = readSerialNumber(marks.serialNumber ?? '');
  if (serial) return `serial:${plainText(marks.manufacturer, 60).toLowerCase()}:${serial.toLowerCase()}`;
  return `host:${marks.host}:${marks.port}`;
}

/** `null` for the fillers that makers leave in: '', zeros, 'none', 'unknown', 'serial number'. */
export function readSerialNumber(text: string): string | null {
  const serial = plainText(text, 100);
  return serial.length < 3 || /^([0-]+|none|null|unknown|n\/?a|serial ?(number)?)$/i.test(serial) ? null : serial;
}
