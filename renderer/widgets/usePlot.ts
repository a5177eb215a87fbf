// A uPlot in a component: made in its element, made anew when its options change, fed at most once a painted frame.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { onBeforeUnmount, onMounted, watch, type Ref } from 'vue';
import type { PlotTable } from './plotData';

/** `options` null: not yet. */
export function usePlot(element: Readonly<Ref<HTMLElement | null>>, options: () => uPlot.Options | null, data: () => PlotTable): void {
  let plot: uPlot | null = null;
  let frame = 0;

  function make(): void {
    plot?.destroy();
    plot = null;
    const wanted = options();
    if (!element.value || !wanted) return;
    plot = new uPlot(wanted, data() as uPlot.AlignedData, element.value);
  }

  function feed(): void {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      plot?.setData(data() as uPlot.AlignedData);
    });
  }

  onMounted(() => {
    make();
    watch(options, make);
    watch(data, feed);
  });
  onBeforeUnmount(() => {
    cancelAnimationFrame(frame);
    plot?.destroy();
    plot = null;
  });
}
