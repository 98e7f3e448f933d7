import { describe, expect, it } from '@jest/globals';
import type { TrackFormat } from '#libs/codec';
import { Hub, type Sink, type UnitView } from './hub.ts';

const FORMAT = { codec: 'h264' } as TrackFormat;

class Recorder implements Sink {
  readonly seen: string[] = [];
  room = Number.POSITIVE_INFINITY;

  format(): void {
    this.seen.push('format');
  }

  unit(view: UnitView): boolean {
    if (this.room-- <= 0) return false;
    this.seen.push(view.buffer.toString('latin1', view.from, view.to));
    return true;
  }

  gap(): void {
    this.seen.push('gap');
  }
}

function send(hub: Hub, names: string): void {
  for (const name of names) {
    const isKey = name === name.toUpperCase();
    hub.publishUnit({ buffer: Buffer.from(name), from: 0, to: 1, info: { pts90k: 0, isKey, arrivedMs: 0 } });
  }
}

describe('Hub', () => {
  it('goes on at once with a sink that was told what went before', () => {
    const hub = new Hub();
    const sink = new Recorder();
    hub.publishFormat(FORMAT);
    send(hub, 'Ab');
    hub.add(sink, true);
    send(hub, 'cDe');
    expect(sink.seen).toEqual(['c', 'D', 'e']);
  });

  it('starts a sink that joins in the middle at the next key unit, with the format first', () => {
    const hub = new Hub();
    const sink = new Recorder();
    hub.publishFormat(FORMAT);
    send(hub, 'Ab');
    hub.add(sink);
    send(hub, 'cDe');
    expect(sink.seen).toEqual(['format', 'D', 'e']);
    expect(hub.droppedBy(sink)).toBe(0);
  });

  it('drops a slow sink to the next key unit, counts what it lost, and disturbs nobody', () => {
    const hub = new Hub();
    const [slow, quick] = [new Recorder(), new Recorder()];
    hub.add(slow);
    hub.add(quick);
    hub.publishFormat(FORMAT);
    send(hub, 'Ab');
    slow.room = 0;
    send(hub, 'c');
    slow.room = 10;
    send(hub, 'deFg');
    expect(slow.seen).toEqual(['format', 'A', 'b', 'F', 'g']);
    expect(quick.seen.join('')).toBe('formatAbcdeFg');
    expect([hub.droppedBy(slow), hub.droppedUnits]).toEqual([3, 3]);
  });

  it('tells a new format before its key unit and a gap at once', () => {
    const hub = new Hub();
    const sink = new Recorder();
    hub.add(sink);
    hub.publishFormat(FORMAT);
    send(hub, 'A');
    hub.publishFormat(FORMAT);
    send(hub, 'B');
    hub.publishGap();
    send(hub, 'cD');
    expect(sink.seen).toEqual(['format', 'A', 'format', 'B', 'gap', 'D']);
  });

  it('refuses sinks without end', () => {
    const hub = new Hub();
    const taken = Array.from({ length: 300 }, () => hub.add(new Recorder()));
    expect(taken.filter(Boolean)).toHaveLength(256);
  });
});
