import type { ReceiverStats } from './receiver-types.ts';

export function emptyStats(): ReceiverStats {
  return {
    packets: 0,
    bytes: 0,
    malformedPackets: 0,
    foreignPackets: 0,
    lostPackets: 0,
    latePackets: 0,
    duplicatePackets: 0,
    restarts: 0,
    timestampJumps: 0,
    units: 0,
    keyUnits: 0,
    damagedUnits: 0,
    unitsBeforeKey: 0,
    oversizeUnits: 0,
    unitsWithoutFormat: 0,
    malformedPayloads: 0,
    refusedParameterSets: 0,
    formatChanges: 0,
    senderReports: 0,
    malformedRtcp: 0,
  };
}
