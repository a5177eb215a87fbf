// Whether an element is in its scrolling parent's view, or near enough to come into it soon: what is far away need not be live.
import { onMounted, onUnmounted, shallowRef, type Ref, type ShallowRef } from 'vue';

/** `scroller`: selector of the scrolling parent. True until the browser says otherwise. */
export function useNearby(element: Readonly<ShallowRef<HTMLElement | null>>, scroller: string, margin = 600): Readonly<Ref<boolean>> {
  const near = shallowRef(true);
  let observer: IntersectionObserver | null = null;
  onMounted(() => {
    if (!element.value) return;
    observer = new IntersectionObserver((entries) => {
      const last = entries[entries.length - 1];
      // A hidden tab has no boxes at all: that is for the tab to say.
      if (last?.rootBounds && last.rootBounds.height > 0) near.value = last.isIntersecting;
    }, { root: element.value.closest(scroller), rootMargin: `${margin}px` });
    observer.observe(element.value);
  });
  onUnmounted(() => observer?.disconnect());
  return near;
}
