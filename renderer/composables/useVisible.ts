// Whether what a component shows can be seen now. A dock tab provides it; parts of it that hide themselves may narrow it.
import { computed, inject, provide, shallowRef, type InjectionKey, type Ref } from 'vue';

const key: InjectionKey<Readonly<Ref<boolean>>> = Symbol('visible');
const always = shallowRef(true);

/** True where nobody says otherwise. */
export function useVisible(): Readonly<Ref<boolean>> { return inject(key, always); }

/** For all components below: visible while this is, and what is above too. */
export function provideVisible(visible: Readonly<Ref<boolean>>): void {
  const above = inject(key, always);
  provide(key, computed(() => above.value && visible.value));
}
