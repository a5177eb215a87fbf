// JPEG pictures (ITU-T T.81): sequential and progressive, 8 bits, Huffman-coded, grey and colour. Pure.
// Its size is believed as far as somebody else announced it and its own bytes can hold it; no picture takes longer than these say.
import { brokenJpeg, cutJpeg } from './brokenJpeg';
import { finishComponent } from './blocks';
import { writePixels } from './colours';
import type { Layout } from './colours';
import { EntropyReader } from './entropyReader';
import { blockSize, isFrame, readFrame, word } from './frame';
import type { Frame } from './frame';
import { HuffmanTable, longestCode } from './huffmanTable';
import { decodeScan } from './scan';
import { readScan } from './scanHead';
import type { Tables } from './scanHead';

interface JpegPicture {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 3: red, green and blue. */
  readonly channels: number;
  readonly data: Uint8Array;
}

export interface JpegOptions {
  /** Bytes of the whole picture; one that has more is refused before room is made. */
  readonly largest: number;
  /** Where the colours go; by default red, green and blue of each pixel, row by row. */
  layout?(width: number, height: number, channels: number): Layout;
}

const markers = { start: 0xd8, end: 0xd9, scan: 0xda, quantisation: 0xdb, restartInterval: 0xdd, huffman: 0xc4, arithmetic: 0xcc, jfif: 0xe0, adobe: 0xee } as const;
const mostTables = 4;
/** Each brings less than the one before; no encoder makes more than a dozen. */
const mostScans = 100;

/** Errors: `RemoteProtocolError` for what is no JPEG picture, is cut short, has more than `largest`, or is of a kind that is not supported. */
export function decodeJpeg(bytes: Uint8Array, options: JpegOptions): JpegPicture {
  if (word(bytes, 0) !== 0xff00 + markers.start) throw brokenJpeg('does not begin as one');
  return new JpegReader(bytes, options).picture();
}

class JpegReader {
  private readonly tables: Tables = { quantisation: [], means: [], details: [], restartInterval: 0 };
  private frame: Frame | null = null;
  private at = 2;
  private scans = 0;
  private jfif = false;
  /** What Adobe's segment says of the colours: 0 for RGB. */
  private adobe: number | null = null;

  constructor(private readonly bytes: Uint8Array, private readonly options: JpegOptions) {}

  picture(): JpegPicture {
    for (let marker = this.next(); marker !== markers.end; marker = this.next()) this.segment(marker, this.contents());
    const { frame } = this;
    if (!frame) throw brokenJpeg('has no frame');
    if (!isWhole(frame)) throw brokenJpeg('ends before all of its components came');
    const { width, height, components: { length: channels } } = frame;
    const layout = this.options.layout?.(width, height, channels) ?? { pixel: channels, row: width * channels, channel: 1 };
    frame.components.forEach(finishComponent);
    const data = new Uint8Array(width * height * channels);
    writePixels(frame, this.isYcc(frame), layout, data);
    return { width, height, channels, data };
  }

  /** The next marker; what stands before it means nothing. */
  private next(): number {
    const { bytes } = this;
    for (; this.at + 1 < bytes.length; this.at += 1) {
      const marker = bytes[this.at + 1] as number;
      if (bytes[this.at] !== 0xff || marker === 0 || marker === 0xff || (marker >= 0xd0 && marker < 0xd8)) continue;
      this.at += 2;
      return marker;
    }
    // Some cameras leave the end away.
    if (this.frame && !this.frame.progressive && isWhole(this.frame)) return markers.end;
    throw cutJpeg();
  }

  private contents(): Uint8Array {
    const { bytes, at } = this;
    const length = word(bytes, at);
    if (length < 2) throw brokenJpeg('has a segment of impossible length');
    if (at + length > bytes.length) throw cutJpeg();
    this.at = at + length;
    return bytes.subarray(at + 2, at + length);
  }

  private segment(marker: number, segment: Uint8Array): void {
    if (isFrame(marker)) {
      if (this.frame) throw brokenJpeg('has two frames');
      this.frame = readFrame(marker, segment, { largest: this.options.largest, bytes: this.bytes.length });
      return;
    }
    switch (marker) {
      case markers.scan: return this.scan(segment);
      case markers.quantisation: return this.readQuantisation(segment);
      case markers.huffman: return this.readHuffman(segment);
      case markers.restartInterval:
        if (segment.length !== 2) throw brokenJpeg('has a broken restart interval');
        this.tables.restartInterval = word(segment, 0);
        return undefined;
      case markers.arithmetic: throw brokenJpeg('is of a kind that is not supported here: arithmetic coding');
      case markers.jfif:
        if (isText(segment, 'JFIF\0')) this.jfif = true;
        return undefined;
      case markers.adobe:
        if (isText(segment, 'Adobe') && segment.length >= 12) this.adobe = segment[11] as number;
        return undefined;
      default: return undefined;
    }
  }

  private scan(segment: Uint8Array): void {
    if (!this.frame) throw brokenJpeg('has a scan before its frame');
    this.scans += 1;
    if (this.scans > mostScans) throw brokenJpeg(`has more than ${mostScans} scans`);
    const scan = readScan(segment, this.frame, this.tables);
    const reader = new EntropyReader(this.bytes, this.at);
    decodeScan(scan, this.frame, reader, this.tables.restartInterval);
    this.at = reader.end;
  }

  private readQuantisation(segment: Uint8Array): void {
    for (let at = 0; at < segment.length;) {
      const about = segment[at] as number;
      const size = about >> 4 === 0 ? 1 : 2;
      if (about >> 4 > 1 || (about & 15) >= mostTables || at + 1 + blockSize * size > segment.length) throw brokenJpeg('has a broken quantisation table');
      const first = at + 1;
      this.tables.quantisation[about & 15] = Array.from({ length: blockSize }, (_, k) => (size === 1 ? segment[first + k] as number : word(segment, first + 2 * k)));
      at = first + blockSize * size;
    }
  }

  private readHuffman(segment: Uint8Array): void {
    for (let at = 0; at < segment.length;) {
      const about = segment[at] as number;
      const counts = segment.subarray(at + 1, at + 1 + longestCode);
      const symbols = segment.subarray(at + 1 + longestCode, at + 1 + longestCode + counts.reduce((sum, count) => sum + count, 0));
      at += 1 + longestCode + symbols.length;
      if (about >> 4 > 1 || (about & 15) >= mostTables || counts.length < longestCode || symbols.length !== counts.reduce((sum, count) => sum + count, 0)) throw brokenJpeg('has a broken Huffman table');
      this.tables[about >> 4 === 0 ? 'means' : 'details'][about & 15] = new HuffmanTable(counts, symbols);
    }
  }

  /** JFIF pictures are; of others Adobe's segment says it, or their components are called R, G and B. */
  private isYcc({ components }: Frame): boolean {
    if (this.jfif) return true;
    if (this.adobe !== null) return this.adobe !== 0;
    return String.fromCharCode(...components.map(({ id }) => id)) !== 'RGB';
  }
}

/** Of every component there are means at least. */
function isWhole({ components }: Frame): boolean {
  return components.every(({ known }) => known[0] !== -1);
}

function isText(segment: Uint8Array, text: string): boolean {
  return segment.length >= text.length && String.fromCharCode(...segment.subarray(0, text.length)) === text;
}
