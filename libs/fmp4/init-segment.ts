import type { TrackFormat } from '#libs/codec';
import { dinf, ftyp, hdlr, mdhd, mdia, minf, moov, mvex, mvhd, stbl, tkhd, trak, trex, vmhd } from './movie-boxes.ts';
import { sampleEntry } from './sample-entry.ts';

/** `ftyp moov` of one video track without samples: what a player needs before the first fragment. */
export function initSegment(format: TrackFormat): Buffer {
  const track = trak(
    tkhd(shownWidth(format), format.heightPx),
    mdia(mdhd(), hdlr(), minf(vmhd(), dinf(), stbl(sampleEntry(format)))),
  );
  return Buffer.concat([ftyp(['iso6', 'cmfc', 'mp41', 'dash']), moov(mvhd(), track, mvex(trex()))]);
}

/** `tkhd` states the size as shown: with the sample aspect applied (ISO/IEC 14496-12 §8.3.2.3). */
function shownWidth(format: TrackFormat): number {
  const aspect = format.sampleAspect;
  if (!aspect || aspect.width < 1 || aspect.height < 1) return format.widthPx;
  return Math.min(0xffff, Math.round((format.widthPx * aspect.width) / aspect.height));
}
