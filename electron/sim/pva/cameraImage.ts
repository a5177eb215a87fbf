// SIM:DET1:Pva1:Image, the area detector's pictures as NTNDArray: what areaDetector's PVA plugin makes of them.
import { ndArrayType, ndArrayValue, type NumericArray, type PvaServer } from 'epics-ioc-connection';
import { camera, image } from '../detector/detectorPvs';
import type { RecordTable } from '../records/recordTable';

export const cameraImageName = 'SIM:DET1:Pva1:Image';

export function servePicture(server: PvaServer, records: RecordTable, now: () => number = Date.now): void {
  const record = (name: string): { readonly number: number } => records.get(name);
  const data = records.get(`${image}ArrayData`);
  const [width, height] = [record(`${image}ArraySize0_RBV`), record(`${image}ArraySize1_RBV`)];
  const [uniqueId, exposure] = [record(`${image}UniqueId_RBV`), record(`${camera}AcquireTime`)];
  const value = (): ReturnType<typeof ndArrayValue> => {
    const pixels = data.value as NumericArray;
    const milliseconds = now();
    return ndArrayValue({
      data: pixels, size: pixels.length === 0 ? [] : [width.number, height.number], uniqueId: uniqueId.number,
      timestamp: { seconds: Math.floor(milliseconds / 1000), nanoseconds: Math.round((milliseconds % 1000) * 1e6) },
      description: 'Picture of the simulated area detector',
      attributes: [
        { name: 'ColorMode', value: 0, description: 'Colour mode: 0 is mono' },
        { name: 'AcquireTime', value: exposure.number, description: 'Exposure time, s' },
      ],
    });
  };
  const pv = server.addStructure(cameraImageName, { type: ndArrayType, initial: value() });
  // The last that the detector sets of a picture.
  records.get(`${image}ArrayCounter_RBV`).onChange(() => pv.update(value()));
}
