import type { AlarmSound } from './alarm-watch.ts';

/** Tones of each sound: hertz, begin and length in seconds. Told apart by number and pitch, not by pitch alone. */
const TONES: Readonly<Record<AlarmSound, readonly (readonly [number, number, number])[]>> = {
  sos: [
    [988, 0, 0.16],
    [740, 0.2, 0.16],
    [988, 0.4, 0.16],
    [740, 0.6, 0.16],
    [988, 0.8, 0.3],
  ],
  alarm: [
    [660, 0, 0.14],
    [880, 0.18, 0.2],
  ],
  notice: [[520, 0, 0.16]],
};
const LOUDNESS = 0.22;

/** Beeps made by the browser itself: no file to fetch when the network is cut. */
export class AlarmBeeper {
  private context: AudioContext | undefined;

  /** Answers false when the browser lets no page sound before its first gesture. */
  play(sound: AlarmSound): boolean {
    this.context ??= new AudioContext();
    if (this.context.state === 'suspended') {
      void this.context.resume();
      return false;
    }
    for (const [hertz, fromS, lengthS] of TONES[sound]) this.tone(this.context, hertz, fromS, lengthS);
    return true;
  }

  close(): void {
    void this.context?.close();
    this.context = undefined;
  }

  /** Rises and falls within ten milliseconds: a square edge clicks. */
  private tone(context: AudioContext, hertz: number, fromS: number, lengthS: number): void {
    const source = context.createOscillator();
    const gain = context.createGain();
    const startS = context.currentTime + fromS;
    source.frequency.value = hertz;
    gain.gain.setValueAtTime(0, startS);
    gain.gain.linearRampToValueAtTime(LOUDNESS, startS + 0.01);
    gain.gain.setValueAtTime(LOUDNESS, startS + lengthS - 0.01);
    gain.gain.linearRampToValueAtTime(0, startS + lengthS);
    source.connect(gain).connect(context.destination);
    source.start(startS);
    source.stop(startS + lengthS);
  }
}
