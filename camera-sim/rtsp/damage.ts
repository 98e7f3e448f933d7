import { FRAMING_BYTES, RTP_HEADER_BYTES, type PreparedFrame } from './prepare.ts';

/** Damages the payload of each packet in a run with probability `share`; the headers stay whole. */
export function damageRun(run: Buffer, frame: PreparedFrame, share: number, random: () => number): void {
  for (const at of frame.packetAt) {
    if (random() >= share) continue;
    const payloadAt = at + FRAMING_BYTES + RTP_HEADER_BYTES;
    const payloadBytes = run.readUInt16BE(at + 2) - RTP_HEADER_BYTES;
    damagePayload(run.subarray(payloadAt, payloadAt + payloadBytes), random);
  }
}

/** One byte in sixteen, at least one, is replaced. */
function damagePayload(payload: Buffer, random: () => number): void {
  const hits = Math.max(1, payload.length >> 4);
  for (let hit = 0; hit < hits; hit++) payload[Math.floor(random() * payload.length)] = Math.floor(random() * 256);
}
