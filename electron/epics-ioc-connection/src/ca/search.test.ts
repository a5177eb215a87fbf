// When names are asked for, and how datagrams are filled. Time is passed in.
import { describe, expect, it } from 'vitest';
import { readDatagram } from './protocol/messageReader';
import { readText } from './protocol/payloads';
import { Search } from './search';

/** Every time at which something is sent until `end`, with the names. */
function run(search: Search, from: number, end: number): [number, string[]][] {
  const sent: [number, string[]][] = [];
  let now: number | null = from;
  while (now !== null && now <= end) {
    const batch = search.poll(now);
    const names = batch.datagrams.flatMap(namesIn);
    if (names.length > 0) sent.push([now, names]);
    now = batch.next;
  }
  return sent;
}

function namesIn(datagram: Uint8Array): string[] {
  const names: string[] = [];
  readDatagram(datagram, (message) => { if (message.command === 6) names.push(readText(message)); });
  return names;
}

describe('search', () => {
  it('asks at once, then with doubled pauses up to the longest', () => {
    const search = new Search(1000);
    search.add(1, 'A', 0, false);
    expect(run(search, 0, 5000).map(([time]) => time)).toEqual([0, 32, 96, 224, 480, 992, 1992, 2992, 3992, 4992]);
  });

  it('is over when the name was found', () => {
    const search = new Search(1000);
    search.add(1, 'A', 0, false);
    search.poll(0);
    expect([search.remove(1), search.remove(1), search.size]).toEqual([true, false, 0]);
    expect(run(search, 32, 5000)).toEqual([]);
    expect(search.poll(6000).next).toBe(null);
  });

  it('asks for a lost channel about every second for minutes, then as for any other', () => {
    const search = new Search(300_000);
    search.add(1, 'A', 0, true);
    const times = run(search, 0, 1_000_000).map(([time]) => time);
    const pauses = times.slice(1).map((time, i) => time - times[i]!);
    expect(Math.max(...pauses.filter((_, i) => times[i]! < 300_000))).toBe(1024);
    expect(Math.max(...pauses)).toBeGreaterThan(100_000);
  });

  it('fills datagrams with as many names as fit without a fragment, 32 datagrams in one go', () => {
    const search = new Search(300_000);
    for (let i = 0; i < 2000; i += 1) search.add(i, `E2E:many:${String(i).padStart(4, '0')}`, 0, false);
    const { datagrams, names, next } = search.poll(0);
    expect(datagrams.length).toBe(32);
    // 16 bytes of VERSION, then 16 + 16 bytes a name: 31 names in 1,024 bytes.
    expect([names, Math.max(...datagrams.map((datagram) => datagram.length))]).toEqual([32 * 31, 16 + 31 * 32]);
    expect(next).toBe(5);
    const all = new Set([...datagrams.flatMap(namesIn), ...search.poll(5).datagrams.flatMap(namesIn), ...search.poll(10).datagrams.flatMap(namesIn)]);
    expect(all.size).toBe(2000);
  });

  it('gives every datagram its own sequence number', () => {
    const search = new Search(300_000);
    for (let i = 0; i < 100; i += 1) search.add(i, `NAME${i}`, 0, false);
    const sequences: number[] = [];
    for (const now of [0, 32]) {
      for (const datagram of search.poll(now).datagrams) readDatagram(datagram, (m) => { if (m.command === 0) sequences.push(m.parameter1); });
    }
    expect(sequences).toEqual(sequences.map((_, i) => i));
    expect(sequences.length).toBeGreaterThan(3);
  });

  it('CA 13: a beacon brings everything back soon, at most every 2 s', () => {
    const search = new Search(300_000);
    search.add(1, 'A', 0, false);
    run(search, 0, 100_000);
    expect(search.boost(100_000)).toBe(true);
    expect(search.poll(100_000).names).toBe(1);
    expect(search.boost(101_000)).toBe(false);
    run(search, 100_000, 104_000);
    expect(search.boost(104_000)).toBe(true);
  });

  it('starts late for a name that was refused, so that a refusing server is not asked in a loop', () => {
    const search = new Search(300_000);
    search.add(1, 'A', 0, true, 4);
    expect(search.poll(0)).toMatchObject({ names: 0, next: 256 });
    expect(search.poll(256).names).toBe(1);
  });
});
