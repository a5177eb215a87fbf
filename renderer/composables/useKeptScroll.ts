// A browser forgets where the parts of an element were scrolled to while it is hidden, and says nothing of it: they are put back when it is shown.
import { onMounted, onUnmounted, watch, type Ref } from 'vue';

interface Place { readonly left: number; readonly top: number }

/** Of all that scrolls within `root`. */
export function useKeptScroll(root: Readonly<Ref<HTMLElement | null>>, visible: Readonly<Ref<boolean>>): void {
  const places = new Map<Element, Place>();
  let frame = 0;
  // Scrolling does not bubble, but is caught on its way down.
  const scrolled = ({ target }: Event): void => {
    if (!visible.value || !(target instanceof Element)) return;
    if (!places.has(target)) for (const box of places.keys()) if (!box.isConnected) places.delete(box);
    places.set(target, { left: target.scrollLeft, top: target.scrollTop });
  };
  function restore(): void {
    for (const [box, { left, top }] of places) {
      if (root.value?.contains(box)) box.scrollTo({ left, top, behavior: 'instant' });
      else places.delete(box);
    }
  }
  watch(visible, (shown) => {
    cancelAnimationFrame(frame);
    // Once it has its place on the page again, and before that is painted.
    if (shown) frame = requestAnimationFrame(restore);
  });
  onMounted(() => root.value?.addEventListener('scroll', scrolled, { capture: true, passive: true }));
  onUnmounted(() => {
    cancelAnimationFrame(frame);
    root.value?.removeEventListener('scroll', scrolled, { capture: true });
  });
}
