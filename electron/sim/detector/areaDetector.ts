// The area detector SIM:DET1 with areaDetector's PV names: acquires pictures in simulated time; Acquire's put completes with the last.
import type { Beam } from '../beam';
import { addEnum } from '../records/pvKinds';
import type { SimRecord } from '../records/simRecord';
import type { Scheduled } from '../simClock';
import type { SimContext } from '../simContext';
import { addChoice, addReadback, addSetting, addText, camera, image, statistics, type Setting } from './detectorPvs';
import { PowderImage, sensorSize } from './powderImage';

/** Values of ImageMode. */
const imageMode = { single: 0, multiple: 1, continuous: 2 } as const;
/** areaDetector's ADStatus; the ones that this detector reaches are named. */
const states = ['Idle', 'Acquire', 'Readout', 'Correct', 'Saving', 'Aborting', 'Error', 'Waiting', 'Initializing', 'Disconnected', 'Aborted'] as const;
const state = { idle: 0, acquire: 1, waiting: 7, aborted: 10 } as const;
/** Seconds; the fastest that the detector reads out. */
const shortestPeriod = 0.05;
/** Photons a pixel and second on the strongest ring with the full beam on the sample's middle. */
const brightness = 8000;
/** What the sample's holder scatters, as a share of the sample's middle. */
const holder = 0.15;

export class AreaDetector {
  /** Made with the first picture: its tables take a while. */
  private picture: PowderImage | null = null;
  private task: Scheduled | null = null;
  private waiting: (() => void)[] = [];
  private taken = 0;
  private readonly acquire: SimRecord;
  private readonly acquireReadback: SimRecord;
  private readonly stateReadback: SimRecord;
  private readonly message: SimRecord;
  private readonly imagesCounter: SimRecord;
  private readonly time: Setting;
  private readonly period: Setting;
  private readonly images: Setting;
  private readonly mode: Setting;
  private readonly counter: Setting;
  private readonly width: Setting;
  private readonly height: Setting;
  private readonly output: Record<'arraySizeX' | 'arraySizeY' | 'arraySize' | 'data' | 'size0' | 'size1' | 'uniqueId' | 'imageCounter'
    | 'total' | 'mean' | 'min' | 'max', SimRecord>;

  constructor(private readonly context: SimContext, private readonly beam: Beam, private readonly distance: () => number) {
    const acquireStates = ['Done', 'Acquire'];
    this.acquire = addEnum(context, {
      name: `${camera}Acquire`, description: 'Start or stop the detector', states: acquireStates, initial: 0,
      onWrite: (index) => (index === 1 ? this.start() : this.end(state.aborted, 'Acquisition aborted')),
    });
    this.acquireReadback = addEnum(context, { name: `${camera}Acquire_RBV`, description: 'Acquiring', states: acquireStates, initial: 0 });
    this.stateReadback = addEnum(context, { name: `${camera}DetectorState_RBV`, description: 'Detector state', states, initial: 0 });
    this.message = addText(context, `${camera}StatusMessage_RBV`, 'Ready', 'Detector status');
    const seconds = { units: 's', precision: 3 };
    this.time = addSetting(context, 'AcquireTime', { description: 'Exposure time', ...seconds, low: 0.001, high: 3600, initial: 0.1 });
    this.period = addSetting(context, 'AcquirePeriod', { description: 'Time between exposures', ...seconds, low: 0, high: 3600, initial: 0.1 });
    this.images = addSetting(context, 'NumImages', { description: 'Pictures of one acquisition', units: '', low: 1, high: 1_000_000, initial: 1 });
    this.imagesCounter = addReadback(context, `${camera}NumImagesCounter_RBV`, 'Pictures of this acquisition so far');
    this.mode = addChoice(context, 'ImageMode', 'Image mode', ['Single', 'Multiple', 'Continuous'], imageMode.multiple);
    addChoice(context, 'TriggerMode', 'Trigger mode', ['Internal'], 0);
    this.counter = addSetting(context, 'ArrayCounter', { description: 'Pictures since the start', units: '', low: 0, high: 2 ** 31 - 1, initial: 0 });
    const side = { units: 'pixels', low: 1, high: sensorSize, initial: sensorSize };
    this.width = addSetting(context, 'SizeX', { description: 'Width of the read-out area', ...side });
    this.height = addSetting(context, 'SizeY', { description: 'Height of the read-out area', ...side });
    this.addConstants();
    this.output = {
      arraySizeX: addReadback(context, `${camera}ArraySizeX_RBV`, 'Width of the picture', sensorSize, 'pixels'),
      arraySizeY: addReadback(context, `${camera}ArraySizeY_RBV`, 'Height of the picture', sensorSize, 'pixels'),
      arraySize: addReadback(context, `${camera}ArraySize_RBV`, 'Size of the picture', 2 * sensorSize ** 2, 'bytes'),
      data: context.records.add({
        name: `${image}ArrayData`, type: 'SHORT', count: sensorSize ** 2, description: 'Pixels of the last picture, row by row',
        metadata: { units: 'counts', display: { low: 0, high: 32767 } }, initial: new Int16Array(0),
      }),
      size0: addReadback(context, `${image}ArraySize0_RBV`, 'Width of the last picture', sensorSize, 'pixels'),
      size1: addReadback(context, `${image}ArraySize1_RBV`, 'Height of the last picture', sensorSize, 'pixels'),
      uniqueId: addReadback(context, `${image}UniqueId_RBV`, 'Number of the last picture'),
      imageCounter: addReadback(context, `${image}ArrayCounter_RBV`, 'Pictures that reached the image plugin'),
      total: addReadback(context, `${statistics}Total_RBV`, 'Sum of the last picture', 0, 'counts', 0),
      mean: addReadback(context, `${statistics}MeanValue_RBV`, 'Mean of the last picture', 0, 'counts', 3),
      min: addReadback(context, `${statistics}MinValue_RBV`, 'Smallest pixel of the last picture', 0, 'counts', 0),
      max: addReadback(context, `${statistics}MaxValue_RBV`, 'Largest pixel of the last picture', 0, 'counts', 0),
    };
    // A first picture, so that a viewer has something to show.
    context.clock.after(0, () => this.expose());
  }

  private addConstants(): void {
    const { context } = this;
    addReadback(context, `${camera}MaxSizeX_RBV`, 'Width of the sensor', sensorSize, 'pixels');
    addReadback(context, `${camera}MaxSizeY_RBV`, 'Height of the sensor', sensorSize, 'pixels');
    addText(context, `${camera}Manufacturer_RBV`, 'Endstation', 'Detector maker');
    addText(context, `${camera}Model_RBV`, 'Simulated powder detector', 'Detector model');
    const dataTypes = ['Int8', 'UInt8', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Int64', 'UInt64', 'Float32', 'Float64'];
    for (const prefix of [camera, image]) {
      addEnum(context, { name: `${prefix}DataType_RBV`, description: 'Data type of a pixel', states: dataTypes, initial: 2 });
      addEnum(context, { name: `${prefix}ColorMode_RBV`, description: 'Colour mode', states: ['Mono'], initial: 0 });
    }
    addReadback(context, `${image}NDimensions_RBV`, 'Dimensions of the picture', 2);
    addReadback(context, `${image}ArraySize2_RBV`, 'Third dimension of the picture', 0);
  }

  /** Resolves when the last picture is taken or somebody stopped it; a running acquisition goes on. */
  private start(): Promise<void> {
    if (!this.task) {
      this.taken = 0;
      this.imagesCounter.set(0);
      this.acquire.set(1);
      this.acquireReadback.set(1);
      this.message.set('Acquiring data');
      this.scheduleExposure();
    }
    return new Promise((resolve) => void this.waiting.push(resolve));
  }

  private scheduleExposure(): void {
    const { clock } = this.context;
    const exposure = this.time.value;
    this.stateReadback.set(state.acquire);
    this.task = clock.after(Math.max(exposure, shortestPeriod), () => {
      this.expose();
      this.taken++;
      this.imagesCounter.set(this.taken);
      if (this.isLast()) this.end(state.idle, 'Waiting for acquisition');
      else this.wait(this.period.value - Math.max(exposure, shortestPeriod));
    });
  }

  private wait(seconds: number): void {
    if (seconds <= 0) {
      this.scheduleExposure();
      return;
    }
    this.stateReadback.set(state.waiting);
    this.task = this.context.clock.after(seconds, () => this.scheduleExposure());
  }

  private isLast(): boolean {
    const mode = this.mode.value;
    return mode === imageMode.single || (mode === imageMode.multiple && this.taken >= this.images.value);
  }

  private expose(): void {
    const { output, beam } = this;
    const [width, height] = [this.width.value, this.height.value];
    this.picture ??= new PowderImage(this.context.random);
    const frame = this.picture.expose({
      brightness: brightness * this.time.value * beam.intensity() * (holder + (1 - holder) * beam.thickness()),
      energy: beam.energy(), distance: this.distance(),
    }, width, height);
    // Its PV is a LONG: after the last one it begins again.
    this.counter.set((this.counter.value + 1) & 0x7fffffff);
    for (const record of [output.arraySizeX, output.size0]) record.set(width);
    for (const record of [output.arraySizeY, output.size1]) record.set(height);
    output.arraySize.set(2 * width * height);
    output.total.set(frame.total);
    output.mean.set(frame.total / (width * height));
    output.min.set(frame.min);
    output.max.set(frame.max);
    output.data.set(frame.pixels);
    output.uniqueId.set(this.counter.value);
    output.imageCounter.set(this.counter.value);
  }

  private end(ended: number, message: string): void {
    if (!this.task) return;
    this.task.cancel();
    this.task = null;
    this.stateReadback.set(ended);
    this.message.set(message);
    this.acquireReadback.set(0);
    this.acquire.set(0);
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
