import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { ChildLog, problemIn } from './child-log.ts';
import { RotatingLog } from './rotating-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('RotatingLog', () => {
  it('keeps the youngest lines in a bounded number of bounded files', () => {
    const log = new RotatingLog(join(folder, 'x.log'), { maxBytes: 100, keep: 2 });
    for (let line = 0; line < 40; line++) log.write(`line ${String(line).padStart(4, '0')}\n`);
    log.close();
    const files = readdirSync(folder).sort();
    expect(files).toEqual(['x.log', 'x.log.1', 'x.log.2']);
    for (const file of files) expect(statSync(join(folder, file)).size).toBeLessThanOrEqual(100);
    const text = ['x.log.2', 'x.log.1', 'x.log'].map((file) => readFileSync(join(folder, file), 'utf8')).join('');
    const kept = text.trimEnd().split('\n');
    expect(kept.at(-1)).toBe('line 0039');
    expect(kept).toEqual(
      Array.from({ length: kept.length }, (_, i) => `line ${String(40 - kept.length + i).padStart(4, '0')}`),
    );
  });

  it('goes on where the last run stopped, readable by the owner alone', () => {
    const file = join(folder, 'x.log');
    for (const text of ['one\n', 'two\n']) {
      const log = new RotatingLog(file);
      log.write(text);
      log.close();
    }
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('counts what it could not write and does not throw', () => {
    const log = new RotatingLog(join(folder, 'missing', 'x.log'));
    log.write('lost\n');
    expect(log.lostWrites).toBe(1);
  });
});

describe('ChildLog', () => {
  it('joins lines over chunks, also inside a character, and shows a storm of errors as one', async () => {
    const clock = new FakeClock();
    const shown: string[] = [];
    const log = new ChildLog(new RotatingLog(join(folder, 'x.log')), clock, (text) => shown.push(text));
    const reader = log.reader();
    const bytes = Buffer.from(
      `{"level":30,"msg":"hola ñandú"}\n${'{"level":50,"msg":"roto","reason":"sin red"}\n'.repeat(5)}rest`,
    );
    for (const byte of bytes) reader.push(Buffer.from([byte]));
    reader.end();
    await clock.advance(1_000);
    log.close();
    expect(log.lastLines).toHaveLength(7);
    expect(log.lastLines[0]).toContain('ñandú');
    expect(log.lastLines.at(-1)).toBe('rest');
    expect(shown).toEqual(['roto: sin red (5 veces)']);
  });

  it('cuts a line without an end', () => {
    const log = new ChildLog(new RotatingLog(join(folder, 'x.log')), new FakeClock(), () => {});
    const reader = log.reader();
    for (let chunk = 0; chunk < 40; chunk++) reader.push(Buffer.alloc(10_000, 'a'));
    reader.end();
    const longest = Math.max(
      ...readFileSync(join(folder, 'x.log'), 'utf8')
        .split('\n')
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('problemIn', () => {
  it('tells what PostgreSQL dies of and what pino calls an error, and nothing else', () => {
    expect(problemIn('2026-01-01 [1] FATAL:  no space left')).toBe('FATAL:  no space left');
    expect(problemIn('2026-01-01 [1] LOG:  ready')).toBeUndefined();
    expect(problemIn('2026-01-01 [1] FATAL:  the database system is starting up')).toBeUndefined();
    expect(problemIn('{"level":40,"msg":"w"}')).toBeUndefined();
    expect(problemIn('{"level":60,"msg":"e"}')).toBe('e');
    expect(problemIn('{broken')).toBeUndefined();
  });
});
