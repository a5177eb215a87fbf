// The blocks of a JPEG scan in their order (ITU-T T.81, A.2, E.2.3): one component row by row, several in units of some blocks each. Pure.
import { sequentialBlock, progressiveBlock } from './blocks';
import type { BlockReader } from './blocks';
import type { EntropyReader } from './entropyReader';
import type { Frame } from './frame';
import type { Scan, ScanComponent } from './scanHead';

/** Reads all blocks of a scan. Errors: `RemoteProtocolError` where its bits don't hold them. */
export function decodeScan(scan: Scan, frame: Frame, reader: EntropyReader, restartInterval: number): void {
  const { components } = scan;
  const readers = components.map((each) => (frame.progressive ? progressiveBlock(reader, each, scan) : sequentialBlock(reader, each)));
  let due = restartInterval;
  /** Before each unit but the first. */
  const unit = (isFirst: boolean): void => {
    if (restartInterval === 0 || isFirst) return;
    due -= 1;
    if (due > 0) return;
    due = restartInterval;
    reader.restart();
    for (const { component } of components) component.mean = 0;
    for (const each of readers) each.restart();
  };
  const [only] = components;
  if (components.length === 1 && only) {
    const { blocksWide, blocksHigh, blocksInRow } = only.component;
    const [each] = readers as [BlockReader];
    for (let row = 0; row < blocksHigh; row += 1) {
      for (let column = 0; column < blocksWide; column += 1) {
        unit(row === 0 && column === 0);
        each.read(row * blocksInRow + column);
        reader.check();
      }
    }
    return;
  }
  for (let down = 0; down < frame.unitsHigh; down += 1) {
    for (let across = 0; across < frame.unitsWide; across += 1) {
      unit(down === 0 && across === 0);
      for (let i = 0; i < readers.length; i += 1) {
        const { component } = components[i] as ScanComponent;
        const each = readers[i] as BlockReader;
        for (let row = 0; row < component.down; row += 1) {
          for (let column = 0; column < component.across; column += 1) each.read((down * component.down + row) * component.blocksInRow + across * component.across + column);
        }
      }
      reader.check();
    }
  }
}
